# SPDX-License-Identifier: Apache-2.0
"""Each lint must find what it is for. A lint that finds nothing in a bad file is worse than none."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOOLS))

import check_layers
import check_sizes
import check_spdx
import check_words


class LintTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.root / "tools").mkdir()
        shutil.copy(TOOLS / "layers.toml", self.root / "tools")

    def problems(self, lint, name, source):
        path = pathlib.Path(name)
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(source)
        return lint.check(self.root, [path])

    def finds(self, lint, name, source, word):
        problems = self.problems(lint, name, source)
        self.assertTrue(any(word in problem for problem in problems), f"{word!r} is not in {problems}")

    def accepts(self, lint, name, source):
        self.assertEqual(self.problems(lint, name, source), [])


class Layers(LintTest):
    def test_a_room_that_is_not_listed_is_refused(self):
        self.finds(check_layers, "core/dlp/a.cpp", '#include "audit/audit.h"\n', "dlp may not look into audit")

    def test_a_listed_room_base_and_types_are_accepted(self):
        self.accepts(check_layers, "core/governance/a.cpp",
                     '#include "governance/a.h"\n#include "dlp/engine.h"\n#include "base/json.h"\n#include "types/action.h"\n')

    def test_the_one_port_of_dlp_is_open_to_audit_and_no_other_header(self):
        self.accepts(check_layers, "core/audit/vault.cpp", '#include "dlp/vault.h"\n')
        self.finds(check_layers, "core/audit/vault.cpp", '#include "dlp/engine.h"\n', "audit may not look into dlp")

    def test_core_sees_no_qt(self):
        self.finds(check_layers, "core/base/a.h", "#include <QString>\n", "Qt ends at app and ui")
        self.finds(check_layers, "core/base/a.h", "#include <QtCore/QString>\n", "Qt ends at app and ui")

    def test_third_party_headers_stay_in_their_rooms(self):
        self.finds(check_layers, "core/policy/a.cpp", "#include <sqlite3.h>\n", "sqlcipher is not a library of policy")
        self.finds(check_layers, "core/pipeline/a.cpp", "#include <boost/beast/http.hpp>\n", "beast is not")
        self.accepts(check_layers, "core/upstream/a.cpp", "#include <curl/curl.h>\n")

    def test_the_window_side_sees_only_base_and_types(self):
        self.finds(check_layers, "ui/chat/a.cpp", '#include "audit/audit.h"\n', "ui may not look into audit")
        self.finds(check_layers, "native-messaging/main.cpp", '#include "dlp/engine.h"\n', "may not look into dlp")

    def test_ways_around_are_refused(self):
        self.finds(check_layers, "core/dlp/a.cpp", '#include "../audit/audit.h"\n', "without ..")
        self.finds(check_layers, "core/unheard/a.cpp", "\n", "is not in tools/layers.toml")

    def test_an_include_in_a_comment_is_none(self):
        self.accepts(check_layers, "core/dlp/a.cpp", '// #include "audit/audit.h"\n/*\n#include "audit/audit.h"\n*/\n')


class Sizes(LintTest):
    def test_five_hundred_lines_pass_and_one_more_does_not(self):
        self.accepts(check_sizes, "core/base/a.cpp", "\n" * 500)
        self.finds(check_sizes, "core/base/a.cpp", "\n" * 501, "501 lines")

    def test_sixty_lines_of_function_pass_and_one_more_does_not(self):
        def function(body):
            return "namespace a {\nclass B {\n    int c() const\n    {\n" + "        x = \"}\"; // }\n" * body + "    }\n};\n}\n"
        self.accepts(check_sizes, "core/base/a.cpp", function(57))
        self.finds(check_sizes, "core/base/a.cpp", function(58), "a.cpp:3: a function of 61 lines")

    def test_a_long_table_is_no_function(self):
        self.accepts(check_sizes, "core/base/a.cpp", "constexpr std::array kRows{\n" + "    Row{1, call(2)},\n" * 90 + "};\n")

    def test_scripts_are_measured_too(self):
        self.finds(check_sizes, "a.py", "def a():\n" + "    pass\n" * 60, "61 lines")
        self.finds(check_sizes, "a.sh", "a() {\n" + "    true\n" * 60 + "}\n", "62 lines")
        self.finds(check_sizes, "a.ts", "export function a(b: string): void {\n" + "    f();\n" * 60 + "}\n", "62 lines")
        self.finds(check_sizes, "a.ts", "const a = async (b: string) => {\n" + "    f();\n" * 60 + "};\n", "62 lines")
        self.accepts(check_sizes, "a.ts", "export const a = {\n" + "    f: 1,\n" * 90 + "};\n")

    def test_a_build_file_is_short(self):
        self.finds(check_sizes, "core/base/CMakeLists.txt", "\n" * 61, "at most 60")


class Words(LintTest):
    def test_banned_words_are_found(self):
        for code, word in [("Store::instance().x();", "singleton"), ("Q_GLOBAL_STATIC(A, b)", "global-static"),
                           ("QEventLoop loop;", "nested-loop"), ("qApp->processEvents();", "nested-loop"),
                           ("connect(a, b, Qt::BlockingQueuedConnection);", "nested-loop"), ("std::cout << 1;", "stdout"),
                           ("std::regex r;", "backtracking"), ("QRegularExpression r;", "backtracking"),
                           ("std::this_thread::sleep_for(x);", "sleep")]:
            self.finds(check_words, "ui/chat/a.cpp", f"// SPDX\nvoid f() {{ {code} }}\n", word)

    def test_words_in_comments_and_strings_are_no_code(self):
        self.accepts(check_words, "core/base/a.cpp", '// no QEventLoop here\nconst char* a = "std::cout";\n')

    def test_user_text_in_a_log_call_is_found(self):
        for call in ('logInfo("gw", "got {}", body);', 'logWarning("gw", "{} {}",\n    id, part.text);',
                     'logError("x", "{}", m_token);', 'logInfo("x", "{}", request.body());', 'logInfo("x", "{}", hash(key));'):
            self.finds(check_words, "core/gateway/a.cpp", f"void f() {{ {call} }}\n", "log: ")

    def test_sizes_and_ids_may_be_logged(self):
        for call in ('logInfo("gw", "body of {} bytes", body.size());', 'logInfo("gw", "{}", request.body().size());',
                     'logError("gw", "{}", error.value());', 'logError("gw", "{}", failure.code().value());',
                     'logInfo("gw", "{} {}", interaction, error.what);', 'logInfo("gw", "the text");'):
            self.accepts(check_words, "core/gateway/a.cpp", f"void f() {{ {call} }}\n")

    def test_a_path_of_this_machine_is_found(self):
        self.finds(check_words, "docs/a.md", f"see {self.root}/docs\n", "machine")

    def test_a_lock_names_no_host_and_carries_hashes(self):
        self.finds(check_words, "extension/package-lock.json", '{\n  "resolved": "https://x.example/a.tgz"\n}\n', "registry")
        self.finds(check_words, "extension/package-lock.json", '{"packages": {"node_modules/a": {}}}\n', "integrity")


class Licence(LintTest):
    def test_a_source_without_the_line_is_found(self):
        self.finds(check_spdx, "core/base/a.cpp", "int a;\n", "missing")
        self.accepts(check_spdx, "core/base/a.cpp", "// SPDX-License-Identifier: Apache-2.0\nint a;\n")


class Mirror(unittest.TestCase):
    """The second Debian suite is derived from the machine's own sources, whichever style they have."""

    def derived(self, name, text):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / name).write_text(text)
        script = (TOOLS / "setup/debian.sh").read_text().replace("/etc/apt/sources.list.d", str(folder))
        script = script.replace("/etc/apt/sources.list", str(folder / "sources.list"))
        return subprocess.run(["bash", "-c", script + "\ndebian_codename() { echo bookworm; }\n"
                               "debian_source_like new-suite; debian_mirror"], capture_output=True, text=True).stdout

    def test_deb822_keeps_mirror_and_key(self):
        got = self.derived("debian.sources", "Types: deb\nURIs: http://security.example\nSuites: bookworm-security\n\n"
                           "# main\nTypes: deb deb-src\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\n"
                           "Components: main contrib\nSigned-By: /keys/a.gpg\n")
        self.assertEqual(got, "Types: deb\nURIs: http://mirror.example/debian\nSuites: new-suite\nComponents: main\n"
                         "Signed-By: /keys/a.gpg\nhttp://mirror.example/debian\n")

    def test_one_line_keeps_options(self):
        got = self.derived("sources.list", "deb-src http://no.example bookworm main\n"
                           "deb [signed-by=/keys/a.gpg arch=amd64] http://mirror.example/debian bookworm main contrib\n")
        self.assertEqual(got, "deb [signed-by=/keys/a.gpg arch=amd64] http://mirror.example/debian new-suite main\n"
                         "http://mirror.example/debian\n")

    def test_nothing_found_is_said(self):
        self.assertEqual(self.derived("sources.list", "deb http://mirror.example/debian trixie main\n"), "")


if __name__ == "__main__":
    unittest.main()
