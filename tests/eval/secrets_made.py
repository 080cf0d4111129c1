# SPDX-License-Identifier: Apache-2.0
"""Tokens by the formats that their providers publish. One row: name, what builds one, whether it has its own shape (found
bare) or needs the name of a setting."""
import random
import string
import zlib

ALNUM = string.ascii_letters + string.digits
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def draw(source: random.Random, alphabet: str, count: int) -> str:
    return "".join(source.choice(alphabet) for _ in range(count))


def github(source: random.Random) -> str:
    """GitHub's tokens end in the CRC-32 of what stands before, in base 62 (github.blog, 2021-04-05)."""
    body = draw(source, ALNUM, 30)
    number, check = zlib.crc32(body.encode()), ""
    for _ in range(6):
        number, rest = divmod(number, 62)
        check = BASE62[rest] + check
    return "ghp_" + body + check


HEX = "0123456789abcdef"
OWN = [
    ("GitHub token", github),
    ("GitLab token", lambda s: "glpat-" + draw(s, ALNUM + "-_", 20)),
    ("AWS access key", lambda s: "AKIA" + draw(s, string.ascii_uppercase + "234567", 16)),
    ("Slack bot token", lambda s: f"xoxb-{draw(s, string.digits, 12)}-{draw(s, string.digits, 12)}-{draw(s, ALNUM, 24)}"),
    ("Stripe key", lambda s: "sk_live_" + draw(s, ALNUM, 24)),
    ("Google API key", lambda s: "AIza" + draw(s, ALNUM + "-_", 35)),
    ("OpenAI key", lambda s: "sk-proj-" + draw(s, ALNUM, 74) + "T3BlbkFJ" + draw(s, ALNUM, 74)),
    ("Anthropic key", lambda s: "sk-ant-api03-" + draw(s, ALNUM + "-_", 93) + "AA"),
    ("npm token", lambda s: "npm_" + draw(s, ALNUM, 36)),
    ("PyPI token", lambda s: "pypi-AgEIcHlwaS5vcmc" + draw(s, ALNUM + "-_", 70)),
    ("SendGrid key", lambda s: f"SG.{draw(s, ALNUM + '-_', 22)}.{draw(s, ALNUM + '-_', 43)}"),
    ("Twilio key", lambda s: "SK" + draw(s, HEX, 32)),
    ("Hugging Face token", lambda s: "hf_" + draw(s, ALNUM, 34)),
    ("DigitalOcean token", lambda s: "dop_v1_" + draw(s, HEX, 64)),
    ("Databricks token", lambda s: "dapi" + draw(s, HEX, 32)),
    ("Shopify token", lambda s: "shpat_" + draw(s, HEX, 32)),
    ("Square token", lambda s: "sq0atp-" + draw(s, ALNUM + "-_", 22)),
    ("Mailgun key", lambda s: "key-" + draw(s, HEX, 32)),
    ("New Relic key", lambda s: "NRAK-" + draw(s, string.ascii_uppercase + string.digits, 27)),
    ("Grafana token", lambda s: "glsa_" + draw(s, ALNUM, 32) + "_" + draw(s, HEX, 8)),
    ("Linear key", lambda s: "lin_api_" + draw(s, ALNUM, 40)),
    ("Doppler token", lambda s: "dp.pt." + draw(s, ALNUM, 43)),
    ("Groq key", lambda s: "gsk_" + draw(s, ALNUM, 52)),
    ("Perplexity key", lambda s: "pplx-" + draw(s, ALNUM, 48)),
    ("Notion secret", lambda s: "secret_" + draw(s, ALNUM, 43)),
    ("Postman key", lambda s: f"PMAK-{draw(s, HEX, 24)}-{draw(s, HEX, 34)}"),
    ("Slack webhook", lambda s: f"https://hooks.slack.com/services/T{draw(s, string.ascii_uppercase + string.digits, 8)}/B{draw(s, string.ascii_uppercase + string.digits, 10)}/{draw(s, ALNUM, 24)}"),
    ("Telegram bot token", lambda s: f"{draw(s, '123456789', 1)}{draw(s, string.digits, 9)}:AA{draw(s, ALNUM + '-_', 33)}"),
    ("JWT", lambda s: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + draw(s, ALNUM + "-_", 43)),
    ("database URL", lambda s: f"postgres://app:{draw(s, ALNUM, 14)}@db.example.com:5432/main"),
    ("private key", lambda s: "-----BEGIN PRIVATE KEY-----\n" + "\n".join(draw(s, ALNUM + "+/", 64) for _ in range(6)) + "\n-----END PRIVATE KEY-----"),
    ("age key", lambda s: "AGE-SECRET-KEY-1" + draw(s, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),
]
NAMED = [
    ("aws_secret_access_key", lambda s: draw(s, ALNUM + "/+", 40)),
    ("DATADOG_API_KEY", lambda s: draw(s, HEX, 32)),
    ("HEROKU_API_KEY", lambda s: f"{draw(s, HEX, 8)}-{draw(s, HEX, 4)}-4{draw(s, HEX, 3)}-a{draw(s, HEX, 3)}-{draw(s, HEX, 12)}"),
    ("CLOUDFLARE_API_TOKEN", lambda s: draw(s, ALNUM + "-_", 40)),
    ("client_secret", lambda s: draw(s, ALNUM, 32)),
    ("password", lambda s: draw(s, ALNUM + "!#%", 14)),
    ("DB_PASSWORD", lambda s: draw(s, ALNUM + "!#%", 16)),
    ("api_key", lambda s: draw(s, ALNUM, 32)),
    ("auth_token", lambda s: draw(s, HEX, 40)),
]
OWN_TEXTS = ["token: {v}", "curl -H 'Authorization: Bearer {v}' https://api.example.com/v1", "KEY={v}\n", "Here is it: {v} please rotate it",
             '{{"token": "{v}"}}', "const key = \"{v}\";"]
NAMED_TEXTS = ["{k}={v}\n", '{{"{k}": "{v}"}}', "{k}: {v}\n", "export {k}=\"{v}\"", "{k} = '{v}'"]
