// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "dlp/code_amount.h"
#include "dlp/engine.h"

using namespace gatehouse;
using namespace gatehouse::dlp;

class TestCodeAmount final : public QObject {
    Q_OBJECT

private slots:
    void theLanguageIsTold_data() {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QString>("code");
        QTest::newRow("Python") << "Python"
                                << "import os\n\ndef load(self, path):\n    if path is None:\n        return "
                                   "self.default\n    for x in y:\n        print(x)\n";
        QTest::newRow("C++") << "C++"
                             << "#include <vector>\n\nnamespace a {\nstd::vector<int> all(const auto& x) {\n    return "
                                "std::move(x);\n}\n}\n";
        QTest::newRow("C") << "C"
                           << "#include <stdio.h>\n\nint main(void) {\n    char *p = malloc(10);\n    if (p == NULL) { "
                              "return 1; }\n    printf(\"hi\");\n}\n";
        QTest::newRow("Go") << "Go"
                            << "package main\n\nfunc load(path string) error {\n\tf, err := os.Open(path)\n\tif err != "
                               "nil {\n\t\treturn err\n\t}\n\tdefer f.Close()\n}\n";
        QTest::newRow("Rust") << "Rust"
                              << "use std::fs;\n\npub fn load(path: &str) -> Result<String, Error> {\n    let mut x = "
                                 "fs::read(path)?;\n    match x { Some(y) => y }\n}\n";
        QTest::newRow("Java")
            << "Java"
            << "package a.b;\n\nimport java.util.List;\n\npublic class Loader implements Reader {\n    @Override\n    "
               "public void run() throws Exception {\n        System.out.println(1);\n    }\n}\n";
        QTest::newRow("C#") << "C#"
                            << "using System;\n\npublic class A {\n    public string Name { get; set; }\n    private "
                               "readonly Task<int> _x;\n    void B() { Console.WriteLine(1); }\n}\n";
        QTest::newRow("JavaScript") << "JavaScript"
                                    << "const fs = require('fs');\n\nfunction load(path) {\n  if (path === undefined) "
                                       "{ return; }\n  console.log(path);\n}\n";
        QTest::newRow("TypeScript")
            << "TypeScript"
            << "import { a } from './a';\n\nexport type Id = string;\ninterface Row {\n  readonly id: string;\n  "
               "count: number;\n}\nconst x = (y: boolean): void => {};\n";
        QTest::newRow("SQL") << "SQL"
                             << "CREATE TABLE customer (\n  id INT PRIMARY KEY,\n  name VARCHAR(80) NOT "
                                "NULL\n);\nSELECT name FROM customer WHERE id = 1;\n";
        QTest::newRow("Shell") << "Shell" << "#!/bin/sh\nset -e\nif [ -f a ]; then\n  sudo cp a b\n  echo done\nfi\n";
        QTest::newRow("PHP") << "PHP"
                             << "<?php\nclass A {\n    public function b() {\n        echo $this->c;\n    }\n}\n";
        QTest::newRow("Ruby") << "Ruby"
                              << "require 'set'\nmodule A\n  class B\n    attr_reader :c\n    def d\n      @c.each do "
                                 "|e|\n        puts e\n      end\n    end\n  end\nend\n";
        QTest::newRow("Kotlin")
            << "Kotlin"
            << "data class A(val b: String)\n\noverride fun c(): Int {\n    return when (b) { else -> d?.e ?: 1 }\n}\n";
        QTest::newRow("Terraform")
            << "Terraform" << "resource \"aws_s3_bucket\" \"a\" {\n  bucket = var.name\n}\nvariable \"name\" {\n}\n";
    }
    void theLanguageIsTold() {
        QFETCH(QString, language);
        QFETCH(QString, code);
        const std::string text = code.toStdString();
        const CodeAmount amount = measureCode(text, 0);
        QCOMPARE(QString::fromUtf8(amount.language.data(), static_cast<qsizetype>(amount.language.size())), language);
        const auto filled = static_cast<std::size_t>(code.split('\n', Qt::SkipEmptyParts).size());
        QCOMPARE(amount.lines, filled);
        QCOMPARE(amount.end, text.size() - 1);
    }

    void proseEndsAProgram() {
        const std::string code = "def f(x):\n    y = x + 1\n\n    # doubled\n    return y * 2\n";
        const std::string prose = "The function above adds one to the number that it is given.\n"
                                  "It then gives back twice of what came out, which nobody expected.\n";
        CodeAmount amount = measureCode("Please look at this:\n\n" + code + "\n" + prose, 22);
        QCOMPARE(amount.lines, 4U);
        QCOMPARE(amount.end, 22 + code.size() - 1);
        amount = measureCode("```python\n" + code + "```\n" + code, 0);
        QCOMPARE(amount.lines, 5U); // the fence's own line and four
        QCOMPARE(measureCode(prose, 0).lines, 0U);
        QCOMPARE(measureCode("", 0).lines, 0U);
    }

    void findingsSayHowMuchAndCountNoLineTwice() {
        EngineOptions options;
        options.enabled = {"source-code.any.*"};
        options.disabled = {"pii.*",   "pci.*",          "phi.*",       "secret.*",       "credential.*", "financial.*",
                            "legal.*", "confidential.*", "injection.*", "exfiltration.*", "harmful.*"};
        const auto engine = *Engine::compile(options);
        std::string code = "import os\nfrom a.b import c\n\n";
        for (int i = 0; i < 40; ++i) {
            code += "def work_" + std::to_string(i) + "(self, value):\n    return self.other(value) + " +
                    std::to_string(i) + "\n\n";
        }
        auto findings = *engine->scan(code, *engine->makeScratch());
        QVERIFY(!findings.empty());
        addCodeAmounts(code, findings);
        for (std::size_t i = 1; i < findings.size(); ++i) {
            QVERIFY2(findings[i].why.find("lines, ") == std::string::npos, findings[i].why.c_str());
            QCOMPARE(findings[i].lines, std::size_t{0});
        }
        QCOMPARE(findings[0].lines, std::size_t{80});
        QVERIFY2(findings[0].why.find("; Python, 80 lines, ") != std::string::npos, findings[0].why.c_str());
        QVERIFY2(findings[0].why.find(" 99 % of the text") != std::string::npos, findings[0].why.c_str());
        auto prose = *engine->scan("We import os parts from a.b and c.", *engine->makeScratch());
        QVERIFY(prose.empty());
    }
};

QTEST_GUILESS_MAIN(TestCodeAmount)
#include "tst_code_amount.moc"
