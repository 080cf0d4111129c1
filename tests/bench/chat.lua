-- SPDX-License-Identifier: Apache-2.0
-- wrk script: posts one chat completion with a prompt of about 1 KB and prints latencies as one line of JSON.
local prompt = string.rep("The quarterly report is ready for review and the team meets on Thursday. ", 14)
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. (os.getenv("BENCH_TOKEN") or "none")
wrk.body = '{"model":"bench/static","messages":[{"role":"user","content":"' .. prompt .. '"}]}'

function done(summary, latency, requests)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('RESULT {"p50":%d,"p99":%d,"requests":%d,"seconds":%.3f,"failed":%d,"not_200":%d}\n',
    latency:percentile(50), latency:percentile(99), summary.requests, summary.duration / 1e6, failed,
    summary.errors.status))
end
