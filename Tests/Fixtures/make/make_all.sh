#!/bin/sh
# make_all.sh SEED OUT   all fixtures that these scripts make; the ones of the tests have seed 7
set -e
cd "$(dirname "$0")"
PY=${PY:-python3}
SEED=${1:-7}; OUT=${2:?give a folder to write to}
nice -n 10 $PY make_golden.py --suite --seed "$SEED" --out "$OUT/hf"
nice -n 10 $PY make_golden.py --tables --seed "$SEED" --out "$OUT/tables"
nice -n 10 $PY make_tokenizers.py --seed "$SEED" --out "$OUT/tokenizers"
nice -n 10 $PY make_gguf.py --seed "$SEED" --out "$OUT/gguf"
