#!/usr/bin/env python3
"""Splits a GGUF fixture as the gguf package's writer does for conversion scripts: parts of so many tensors.

    make_gguf_split.py OUT      writes OUT/small-0000i-of-00003.gguf from gguf/small_Q4_0/model.gguf
"""
import pathlib
import sys

import gguf

HERE = pathlib.Path(__file__).resolve().parent


def copy_value(writer, field):
    kind = field.types[0]
    if field.name.startswith("GGUF.") or field.name == "general.architecture":
        return
    if kind == gguf.GGUFValueType.ARRAY:
        writer.add_key_value(field.name, field.contents(), kind, sub_type=field.types[-1])
    else:
        writer.add_key_value(field.name, field.contents(), kind)


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    reader = gguf.GGUFReader(HERE.parent / "gguf/small_Q4_0/model.gguf")
    tensors = reader.tensors
    writer = gguf.GGUFWriter(
        out / "small.gguf", reader.fields["general.architecture"].contents(), split_max_tensors=(len(tensors) + 2) // 3)
    for field in reader.fields.values():
        copy_value(writer, field)
    for tensor in tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main()
