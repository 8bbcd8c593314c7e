#!/usr/bin/env bash
# The step of action.yml that runs `harden check`: prints annotations, adds to the job's summary, sets the step's outputs
# exit-code and sarif-file, and ends with harden's exit code. Inputs come as INPUT_… variables, lists one a line.
set -euo pipefail

root=$GITHUB_ACTION_PATH/../..
results=$(mktemp -d "$RUNNER_TEMP/harden.XXXXXX")
arguments=(-o github "-osarif=$results/harden.sarif" "-omarkdown=$results/summary.md" "--fail-on=$INPUT_FAIL_ON")
if [ -n "$INPUT_BASELINE" ]; then arguments+=("--baseline=$INPUT_BASELINE"); fi
targets=()
while IFS= read -r line; do
  if [ -n "$line" ]; then targets+=("--file=$line"); fi
done <<<"$INPUT_FILES"
targets+=(--)
while IFS= read -r line; do
  if [ -n "$line" ]; then targets+=("$line"); fi
done <<<"$INPUT_PATHS"
if [ ${#targets[@]} -eq 1 ]; then targets+=(.); fi

code=0
"$root/node_modules/.bin/node" -- "$root/bin/harden.js" check "${arguments[@]}" "${targets[@]}" || code=$?

echo "exit-code=$code" >>"$GITHUB_OUTPUT"
if [ -e "$results/harden.sarif" ]; then echo "sarif-file=$results/harden.sarif" >>"$GITHUB_OUTPUT"; fi
if [ -e "$results/summary.md" ]; then cat "$results/summary.md" >>"$GITHUB_STEP_SUMMARY"; fi
exit "$code"
