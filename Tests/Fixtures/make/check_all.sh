#!/bin/sh
# check_all.sh OUT   reload every HF fixture (transformers) and recompute every fixture with ref_numpy.py
cd "$(dirname "$0")"; PY=${PY:-python3}; OUT=${1:?give a folder that make_all.sh wrote}; T=$(mktemp -d); bad=0
nice -n 10 $PY make_golden.py --verify "$OUT"/hf/* || bad=1
for d in "$OUT"/hf/* "$OUT"/gguf/*_*; do
  [ -f "$d/manifest.json" ] && [ -f "$d/expected.safetensors" ] || continue
  for c in config.json config_legacy.json; do
    [ -f "$d/$c" ] || [ -f "$d/model.gguf" ] || continue
    nice -n 10 $PY ref_numpy.py "$d" "$T/c.safetensors" --config $c && $PY compare.py "$d" "$T/c.safetensors" || bad=1
    [ -f "$d/model.gguf" ] && break
  done
done
rm -rf "$T"; exit $bad
