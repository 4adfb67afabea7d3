"""What a recording is made of: files, spans, precisions, selections, failures, processes, images and given maps."""

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import torch
import transformers

import capture_reference as reference
import ropewalk_capture
import ropewalk_capture_files as files
import ropewalk_capture_tokens as tokens

transformers.utils.logging.disable_progress_bar()
transformers.logging.set_verbosity_error()
torch.set_num_threads(1)

HERE = os.path.dirname(os.path.abspath(__file__))


def llama(**keywords):
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        **{
            **dict(
                hidden_size=32,
                intermediate_size=28,
                num_hidden_layers=3,
                num_attention_heads=4,
                num_key_value_heads=2,
                vocab_size=60,
                max_position_embeddings=2048,
            ),
            **keywords,
        }
    )
    return reference.sharpened(transformers.LlamaForCausalLM(config))


class Captures(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.out = os.path.join(self.folder, "out")

    def tearDown(self):
        shutil.rmtree(self.folder)

    def capture(self, model=None, count=300, out=None, **options):
        options = {"precision": "f32", "chunk": 256, **options}
        text = options.pop("text", None) or reference.text(count, 60)
        ropewalk_capture.capture(model or llama(), reference.tokenizer(60), text, out or self.out, **options)
        return reference.Recording(out or self.out)

    def test_files_and_index(self):
        recording = self.capture(count=600)
        index = recording.index
        self.assertEqual((index["format"], index["version"], index["method"]), ("ropewalk-recording", 1, []))
        text = open(os.path.join(self.out, "text.txt"), "rb").read()
        self.assertEqual(
            index["text"], {"file": "text.txt", "bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
        )
        self.assertEqual(index["tokens"]["count"], 600)
        self.assertEqual([part["tokens"] for part in index["parts"]], [[0, 256], [256, 512], [512, 600]])
        for (first, end), i in zip(recording.tokens["spans"].tolist(), recording.tokens["ids"].tolist()):
            self.assertEqual(text[first:end].decode(), f"t{i}")
        self.assertEqual(json.load(open(os.path.join(self.out, "config.json")))["model_type"], "llama")
        self.assertFalse([name for name in os.listdir(self.out) if "unfinished" in name])

    def test_precisions(self):
        exact = self.capture(out=self.out)
        for precision, largest in (("f16", 1e-3), ("bf16", 8e-3), ("q8", 5e-3)):
            kept = self.capture(out=self.out + precision, precision=precision)
            self.assertGreater(kept.index["error"], 0)
            self.assertLess(kept.index["error"], largest)
            for name in ("decoder.1.queries", "decoder.2.keys", "decoder.0.values"):
                difference = (kept[name] - exact[name]).abs() / exact[name].abs().amax(-1, keepdim=True)
                self.assertLessEqual(float(difference.max()), kept.index["error"] * 1.001)

    def test_some_layers_and_heads(self):
        whole = self.capture()
        some = self.capture(out=self.out + "1", layers=[0, 2])
        self.assertEqual(some.kinds["decoder"]["recorded_layers"], [0, 2])
        self.assertFalse(any(name.startswith("decoder.1.") for name in some.tensors))
        heads = self.capture(out=self.out + "2", heads=[(0, 0), (0, 3), (2, 1)])
        self.assertEqual(heads.kinds["decoder"]["recorded_heads"], [[0, 0], [0, 3], [2, 1]])
        for name in ("queries", "entropy", "pool_mass"):
            torch.testing.assert_close(heads[f"decoder.0.{name}"][[0, 3]], whole[f"decoder.0.{name}"][[0, 3]])
            torch.testing.assert_close(heads[f"decoder.2.{name}"][1], whole[f"decoder.2.{name}"][1])
            torch.testing.assert_close(some[f"decoder.2.{name}"], whole[f"decoder.2.{name}"])
        for recording in (some, heads):
            for name in ("decoder.last_hidden", "decoder.negative_log_likelihood"):
                torch.testing.assert_close(recording[name], whole[name], equal_nan=True)
        small = self.capture(out=self.out + "3", part_bytes=1)
        self.assertEqual(len(small.index["parts"]), 6)
        for name in whole.tensors:
            torch.testing.assert_close(small.tensors[name], whole.tensors[name], equal_nan=True)

    def test_a_full_disk_leaves_a_shorter_recording_or_none(self):
        written = os.fsync

        def filling(after):
            left = [after]

            def fsync(file):
                left[0] -= 1
                if left[0] < 0:
                    raise OSError(errno.ENOSPC, "No space left on device")
                written(file)

            return mock.patch("os.fsync", fsync)

        for after, parts in ((0, None), (3, None), (4, None), (5, None), (6, 1), (7, 1), (8, 2)):
            out = self.out + str(after)
            with filling(after), self.assertRaisesRegex(ropewalk_capture.CaptureError, "No space left"):
                self.capture(count=600, out=out)
            if parts is None:
                self.assertFalse(os.path.exists(out), (after, os.path.exists(out) and os.listdir(out)))
                continue
            recording = reference.Recording(out)
            self.assertEqual((len(recording.index["parts"]), recording.index["complete"]), (parts, False))
            self.assertEqual(
                {name for name in os.listdir(out) if name.startswith("part-")},
                {part["file"] for part in recording.index["parts"]},
            )

    def test_an_interruption_leaves_what_is_complete(self):
        model, calls = llama(), []

        def stop(*_):
            calls.append(0)
            if len(calls) == 2:
                raise KeyboardInterrupt

        model.model.layers[1].register_forward_hook(stop)
        with self.assertRaises(KeyboardInterrupt):
            self.capture(model, count=600)
        self.assertEqual(len(reference.Recording(self.out).index["parts"]), 1)
        before = dict(transformers.modeling_utils.ALL_ATTENTION_FUNCTIONS._local_mapping)
        self.assertEqual(before, {})
        self.assertEqual(transformers.models.llama.modeling_llama.apply_rotary_pos_emb.__name__, "apply_rotary_pos_emb")

    def test_errors_are_one_line_each(self):
        os.makedirs(self.out)
        open(os.path.join(self.out, "mine"), "w").close()
        for pattern, options in (
            ("has something in it", {}),
            ("precision 'f64'", {"precision": "f64"}),
            ("no multiple of 256", {"chunk": 100}),
            ("fewer than two tokens", {"text": "t1", "out": self.out + "1"}),
            ("valid Unicode", {"text": "t1 \ud800 t2", "out": self.out + "1"}),
            ("layer 9", {"layers": [9], "out": self.out + "1"}),
        ):
            with self.subTest(pattern), self.assertRaisesRegex(ropewalk_capture.CaptureError, pattern) as caught:
                self.capture(**options)
            self.assertNotIn("\n", str(caught.exception))
        self.assertEqual(os.listdir(self.folder), ["out"])
        self.assertEqual(os.listdir(self.out), ["mine"])

    def test_what_a_function_does_that_is_not_known_is_refused(self):
        from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

        model = llama()
        plain = ALL_ATTENTION_FUNCTIONS["sdpa"]

        def odd(*arguments, **options):
            output, weights = plain(*arguments, **options)
            return output * 1.05, weights

        ALL_ATTENTION_FUNCTIONS["sdpa"] = odd
        try:
            with self.assertRaisesRegex(
                ropewalk_capture.CaptureError, "LlamaAttention.*does something that is not known"
            ):
                self.capture(model)
            self.assertIs(ALL_ATTENTION_FUNCTIONS["sdpa"], odd)
        finally:
            del ALL_ATTENTION_FUNCTIONS["sdpa"]

    def test_spans_are_bytes_of_tokens(self):
        path = os.path.join(HERE, "..", "..", "samples", "books-4m")
        tokenizer = transformers.AutoTokenizer.from_pretrained(path)
        text = "Ein Käse, 茶 und 🍵🫖 — zwei  Leerzeichen.\n\tEnde 👩‍👩‍👧\r\n"
        ids, spans = tokens.tokens_of(tokenizer, text)
        data = text.encode()
        self.assertEqual(len(ids), len(spans))
        self.assertEqual(spans[-1][1], len(data))
        self.assertEqual(spans[0][0], 0)
        for one, two in zip(spans, spans[1:]):
            self.assertLessEqual(one[0], one[1])
            self.assertEqual(one[1], two[0])
        self.assertEqual(tokens.text_of(tokenizer, ids, tokens.special_ids(tokenizer))[0], data)

    def test_rows_that_see_nothing_and_halves_that_overflow(self):
        parts, error = files.stored(torch.zeros(2, 3, 4), "q8")
        self.assertEqual((error, [suffix for suffix, _ in parts]), (0, ["", ".scale"]))
        with self.assertRaisesRegex(ropewalk_capture.CaptureError, "f16 cannot hold"):
            files.stored(torch.full((1, 1, 2), 1e6), "f16")
        with self.assertRaisesRegex(ropewalk_capture.CaptureError, "not finite"):
            files.stored(torch.tensor([[[float("inf")]]]), "f32")
        self.assertEqual(
            files.pieces({0: {0, 1, 3}, 1: {0, 1, 3}, 3: {2}}), [([0, 2], [0, 2]), ([0, 2], [3, 4]), ([3, 4], [2, 3])]
        )

    def test_losses_some_tokens_at_a_time(self):
        from ropewalk_capture_models import Head, Places

        torch.manual_seed(0)
        for model in (
            llama(),
            reference.sharpened(
                transformers.OPTForCausalLM(
                    transformers.OPTConfig(
                        hidden_size=24,
                        ffn_dim=28,
                        num_hidden_layers=1,
                        num_attention_heads=2,
                        vocab_size=60,
                        word_embed_proj_dim=24,
                    )
                )
            ),
            reference.sharpened(
                transformers.Gemma2ForCausalLM(
                    transformers.Gemma2Config(
                        hidden_size=24,
                        intermediate_size=28,
                        num_hidden_layers=1,
                        num_attention_heads=2,
                        vocab_size=60,
                        num_key_value_heads=1,
                        head_dim=8,
                        final_logit_softcapping=2.0,
                    )
                )
            ),
        ):
            ids = torch.randint(3, 60, (30,)).tolist()
            head = Head(model, Places(model).stack)
            with torch.no_grad():
                output = model.base_model(input_ids=torch.tensor([ids]), use_cache=False)
                found = head.losses(output, ids, ids[1:], None, 7)
                logits = model(input_ids=torch.tensor([ids])).logits[0]
            expected = torch.nn.functional.cross_entropy(logits[:-1], torch.tensor(ids[1:]), reduction="none")
            torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
            self.assertFalse("forward" in vars(model.base_model))

    def test_two_processes_are_one(self):
        model = llama()
        place = os.path.join(self.folder, "model")
        model.save_pretrained(place)
        reference.tokenizer(60).save_pretrained(place)
        path = os.path.join(self.folder, "text.txt")
        open(path, "w").write(reference.text(600, 60))
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.path.dirname(ropewalk_capture.__file__)}
        command = ["-m", "ropewalk_capture", "--model", place, "--text", path, "--precision", "f32", "--chunk", "256"]
        for out, before, after in (
            ("one", [], []),
            ("two", ["-m", "torch.distributed.run", "--nproc-per-node", "2"], ["--tensor-parallel"]),
        ):
            run = subprocess.run(
                [sys.executable, *before, *command, "--out", os.path.join(self.folder, out), *after],
                env=environment,
                capture_output=True,
                text=True,
                timeout=300,
            )
            self.assertEqual(run.returncode, 0, run.stderr[-2000:])
        one, two = (reference.Recording(os.path.join(self.folder, out)) for out in ("one", "two"))
        self.assertEqual([part["heads"] for part in two.index["parts"][:2]], [[0, 2], [2, 4]])
        self.assertEqual(one.index["attention"], two.index["attention"])
        self.assertEqual(set(one.tensors), set(two.tensors))
        for name, tensor in one.tensors.items():
            torch.testing.assert_close(two.tensors[name], tensor, atol=1e-4, rtol=1e-4, equal_nan=True)

    def test_images_are_named(self):
        config = transformers.LlavaConfig(
            vision_config=transformers.CLIPVisionConfig(
                hidden_size=16,
                intermediate_size=16,
                num_hidden_layers=2,
                num_attention_heads=2,
                image_size=8,
                patch_size=2,
            ),
            text_config=llama().config,
            image_token_id=7,
            vision_feature_layer=-1,
        )
        model = reference.sharpened(transformers.LlavaForConditionalGeneration(config))
        ids = [3, 4, *[7] * 16, 5, 9, 4, 3, 9]
        inputs = {"input_ids": torch.tensor([ids]), "pixel_values": torch.randn(1, 3, 8, 8)}
        ropewalk_capture.capture(model, reference.tokenizer(60), out=self.out, inputs=inputs, precision="f32")
        recording = reference.Recording(self.out)
        self.assertEqual(recording.index["images"], [{"tokens": [2, 18], "rows": 4, "columns": 4, "name": "image 1"}])
        self.assertEqual(recording.kinds["decoder"]["layers"], 3)
        expected = reference.maps(model, {**inputs, "pixel_values": inputs["pixel_values"].double()})
        found = reference.differences(recording, "decoder", [layer[0] for layer in expected.attentions], ids)
        self.assertLess(max(found.values()), 2e-5, found)

    def test_images_with_places_of_their_own_are_refused(self):
        config = transformers.Qwen2VLConfig(
            text_config=dict(
                hidden_size=32,
                intermediate_size=28,
                num_hidden_layers=2,
                num_attention_heads=4,
                num_key_value_heads=2,
                vocab_size=60,
                rope_parameters=dict(rope_type="default", rope_theta=10000.0, mrope_section=[2, 1, 1]),
            ),
            vision_config=dict(
                depth=1,
                embed_dim=16,
                hidden_size=32,
                num_heads=2,
                patch_size=2,
                spatial_merge_size=2,
                temporal_patch_size=1,
            ),
            image_token_id=7,
            video_token_id=8,
            vision_start_token_id=9,
            vision_end_token_id=10,
        )
        model = reference.sharpened(transformers.Qwen2VLForConditionalGeneration(config))
        self.assertEqual(self.capture(model, count=40).index["complete"], True)
        ids = [3, 9, *[7] * 4, 10, 5, 4]
        inputs = {
            "input_ids": torch.tensor([ids]),
            "pixel_values": torch.randn(16, 12),
            "image_grid_thw": torch.tensor([[1, 4, 4]]),
            "mm_token_type_ids": torch.tensor([[int(i == 7) for i in ids]]),
        }
        with self.assertRaisesRegex(ropewalk_capture.CaptureError, "places"):
            ropewalk_capture.capture(model, reference.tokenizer(60), out=self.out + "1", inputs=inputs)

    def test_given_maps(self):
        maps = tuple(torch.rand(1, 2, 5, 5, dtype=torch.bfloat16) for _ in range(3))
        whole = torch.cat(maps).float()
        names = ["a", "b", "ü", "<s>", ""]
        import numpy

        path, beside = ropewalk_capture.save_maps(maps, names, os.path.join(self.folder, "maps.npy"))
        self.assertTrue(numpy.array_equal(numpy.load(path), whole.numpy()))
        self.assertEqual(json.load(open(beside)), names)
        path, _ = ropewalk_capture.save_maps(whole, names, os.path.join(self.folder, "maps.safetensors"))
        self.assertTrue(torch.equal(reference.read_safetensors(path)["attentions"], whole))
        for wrong in ((maps, names[1:], "a.npy"), (maps, names, "a.txt"), ([], names, "a.npy")):
            with self.assertRaises(ropewalk_capture.CaptureError):
                ropewalk_capture.save_maps(*wrong)

    def test_layers_on_other_devices(self):
        model = llama()
        plain = self.capture(model)
        import accelerate

        moved = accelerate.cpu_offload(llama(), torch.device("cpu"))
        offloaded = self.capture(moved, out=self.out + "1")
        for name in plain.tensors:
            torch.testing.assert_close(plain.tensors[name], offloaded.tensors[name], equal_nan=True)


if __name__ == "__main__":
    unittest.main()
