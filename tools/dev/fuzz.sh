# SPDX-License-Identifier: Apache-2.0
# ./dev fuzz [target|codecs|all] [seconds]: replays each target's corpus, then fuzzes for some seconds. New inputs stay in
# build/fuzz/corpora; a crash is kept in build/fuzz/crashes and belongs into tests/corpora once it is mended.
. tools/dev/common.sh
target=${1:-all} seconds=${2:-60}
[[ $seconds =~ ^[0-9]+$ ]] || die "usage: ./dev fuzz [target|codecs|all] [seconds]"
setup_system
[[ -f tests/fuzz/CMakeLists.txt ]] || die "there is no fuzz target yet"
configure fuzz
mapfile -t declared < <(sed -n 's/^ *gatehouse_fuzzer( *\([a-z0-9_]*\).*/\1/p' tests/fuzz/CMakeLists.txt)
if [[ $target == all ]]; then
    targets=("${declared[@]}")
elif [[ $target == codecs ]]; then # what reads bytes of clients and providers in their dialects
    targets=(answer_frames chat_answer chat_request chat_stream chunked_body dialects forms mcp_messages vectors)
else
    [[ " ${declared[*]} " == *" $target "* ]] || die "there is no fuzz target '$target'; there are: ${declared[*]}"
    targets=("$target")
fi
build_targets fuzz "${targets[@]/#/fuzz_}"
mkdir -p build/fuzz/crashes

failed=0
for name in "${targets[@]}"; do
    program=$(find build/fuzz -type f -name "fuzz_$name" -perm -u+x | head -n 1)
    fresh=build/fuzz/corpora/$name
    mkdir -p "$fresh"
    seeds=()
    [[ -d tests/corpora/$name ]] && seeds=("tests/corpora/$name")
    log=build/fuzz/$name.log
    # -runs=0 only replays. 128 KiB covers every cap that a parser has below its size limit.
    if { [[ ${#seeds[@]} -eq 0 ]] || "$program" -runs=0 "${seeds[@]}"; } >"$log" 2>&1 &&
        "$program" -max_total_time="$seconds" -max_len=131072 -timeout=20 -rss_limit_mb=3000 -print_final_stats=1 \
            -artifact_prefix="build/fuzz/crashes/$name-" "$fresh" "${seeds[@]}" >>"$log" 2>&1; then
        echo "fuzz_$name: fine ($(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs in ${seconds} s)"
    else
        failed=$((failed + 1))
        tail -n 40 "$log"
        echo "fuzz_$name: FAILED (see $log)"
    fi
done
if ((failed)); then
    say "$failed of ${#targets[@]} fuzz targets failed"
    exit 1
fi
say "${#targets[@]} fuzz targets are fine"
