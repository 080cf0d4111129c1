#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes core/limits/prices/*.txt, what vendors ask for a million tokens, from PyPI's `genai-prices`.

    pip download --no-deps genai-prices && python3 tools/make_prices.py genai_prices-*.whl

Its data is a Python module of constructor calls; it is read, not run. Each row: patterns of model names (* any run, ? one
character, ! in front: not these), then US dollars for a million tokens of input, output, input read from a cache, input
written into one. "5/200000:10": 10 for all of a call whose input is above 200,000 tokens. The first row that matches holds.
"""
import ast
import datetime
import pathlib
import re
import sys
import zipfile

# The vendor's name there, and ours (core/providers/vendors.cpp). A second word: rows of that vendor hold too, behind its own.
VENDORS = {
    "anthropic": ["anthropic"], "aws": ["bedrock"], "azure": ["azure-openai", "azure-openai-deployments"], "cerebras": ["cerebras"],
    "cohere": ["cohere"], "databricks": ["databricks"], "deepseek": ["deepseek"], "fireworks": ["fireworks"],
    "google": ["gemini", "vertex"], "groq": ["groq"], "minimax": ["minimax"], "mistral": ["mistral"], "moonshotai": ["moonshot"],
    "novita": ["novita"], "openai": ["openai"], "openrouter": ["openrouter"], "ovhcloud": ["ovhcloud"], "perplexity": ["perplexity"],
    "together": ["together"], "x-ai": ["xai"], "zai": ["zhipu"],
}
OUT = pathlib.Path(__file__).resolve().parent.parent / "core" / "limits" / "prices"


def evaluate(node):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return [evaluate(each) for each in node.elts]
    if isinstance(node, ast.Dict):
        return {evaluate(key): evaluate(value) for key, value in zip(node.keys, node.values)}
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        given = [evaluate(each) for each in node.args]
        if name == "Decimal":
            return given[0]
        if name == "datetime.date":
            return datetime.date(*given)
        return {"_": name, **{word.arg: evaluate(word.value) for word in node.keywords}}
    return ast.unparse(node)


def plain(regex):
    """A regular expression of fixed text and digits as a pattern; None when it is more than that."""
    begins, ends = regex.startswith("^"), regex.endswith("$")
    body = re.sub(r"\\d\{(\d)\}", lambda found: "?" * int(found[1]), regex.strip("^$")).replace(r"\d", "?").replace(r"\.", ".")
    body = body.replace("[-@]", "?")
    if re.search(r"[\\()\[\]{}|+*^$ ]", body):
        return None
    return ("" if begins else "*") + body + ("" if ends else "*")


def patterns(clause):
    kind = clause["_"]
    if kind == "ClauseOr":
        return [each for inner in clause["or_"] for each in patterns(inner)]
    if kind == "ClauseAnd":  # the rest of it says what is not meant
        first, *rest = clause["and_"]
        excluded = ["!*-tts*"] if any("[tT][tT][sS]" in str(each) for each in rest) else []
        return patterns(first) + excluded
    if kind == "ClauseRegex":
        found = plain(clause["regex"])
        return [found] if found else []
    text = next(clause[key] for key in ("equals", "starts_with", "ends_with", "contains") if key in clause)
    text = {"ClauseEquals": "{}", "ClauseStartsWith": "{}*", "ClauseEndsWith": "*{}", "ClauseContains": "*{}*"}[kind].format(text)
    return [] if re.search(r"\s", text) else [text]


def price_of(prices, today):
    """The newest that is in force all day."""
    if isinstance(prices, dict):
        return prices
    chosen = None
    for each in prices:
        rule = each.get("constraint")
        if rule is None or (rule["_"] == "StartDateConstraint" and rule["start_date"] <= today):
            chosen = each["prices"]
    return chosen


def spelled(value):
    if value is None:
        return ""
    if isinstance(value, dict):
        return "/".join([value["base"], *(f"{tier['start']}:{tier['price']}" for tier in sorted(value["tiers"], key=lambda each: each["start"]))])
    return str(value)


def rows(models, today):
    for model in models:
        price = price_of(model["prices"], today)
        names = patterns(model["match"])
        if price and names and "input_mtok" in price:
            yield "\t".join([" ".join(names), *(spelled(price.get(key)) for key in
                                               ("input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok"))]).rstrip()


def main(wheel):
    source = zipfile.ZipFile(wheel).read("genai_prices/data.py").decode()
    version = pathlib.Path(wheel).name.split("-")[1]
    vendors = next(evaluate(node.value) for node in ast.parse(source).body
                   if isinstance(node, ast.AnnAssign) and node.target.id == "providers")
    today = datetime.date.today()
    for vendor in vendors:
        ours = VENDORS.get(vendor["id"])
        if not ours:
            continue
        also = [VENDORS[name][0] for name in vendor.get("fallback_model_providers") or [] if name in VENDORS]
        lines = [f"# genai-prices {version} (MIT), {today}; by tools/make_prices.py", f"vendors\t{' '.join(ours)}", f"also\t{' '.join(also)}"]
        (OUT / f"{ours[0]}.txt").write_text("\n".join(lines + list(rows(vendor["models"], today))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
