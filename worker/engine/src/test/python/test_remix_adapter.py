"""What remix_adapter.py refuses, and what keeps its selections right."""

import hashlib
import json
import shutil
import tempfile
import unittest
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file

from make_adapter_goldens import ENGINE, base, left_padded, remix_adapter

GOLDENS = ENGINE / "src/test/resources/goldens/adapters"
SEQUENCE, TOKEN, LORA = "remix-sequence", "mixlora-token", "dora"       # all on one model
MODEL = "llama3.1-scaled-sharded"
PROMPT = [5, 9, 12, 31, 7, 44]
NEW = 6


class RemixAdapterTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = Path(scratch.name) / "adapter"

    def copy(self, name):
        shutil.copytree(GOLDENS / name, self.directory)
        lines = [f"{hashlib.sha256((self.directory / file).read_bytes()).hexdigest()}  {file}\n"
                 for file in ("adapter_config.json", "adapter_model.safetensors")]
        (self.directory / "SHA256SUMS").write_text("".join(lines))

    def loaded(self, name):
        return remix_adapter.load(base(MODEL), GOLDENS / name)

    @staticmethod
    def generated(model, prompts, **options):
        made = model.generate(**left_padded(prompts), max_new_tokens=NEW, do_sample=False, eos_token_id=-1, pad_token_id=0, **options)
        return made[:, -NEW:].tolist()

    def refuses(self, text, model=MODEL):
        loaded = base(model)
        with self.assertRaisesRegex(ValueError, text):
            remix_adapter.load(loaded, self.directory)
        self.assertFalse([name for name, _ in loaded.named_modules() if "remix" in name], "something is attached all the same")

    def edit(self, **members):
        file = self.directory / "adapter_config.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), **members}))
        (self.directory / "SHA256SUMS").unlink(missing_ok=True)

    def edit_tensors(self, change):
        file = self.directory / "adapter_model.safetensors"
        tensors = load_file(file)
        change(tensors)
        save_file(tensors, file)
        (self.directory / "SHA256SUMS").unlink(missing_ok=True)

    def test_an_intact_copy_loads(self):
        self.copy(SEQUENCE)
        remix_adapter.load(base(MODEL), self.directory)

    def test_a_flipped_byte_is_refused(self):
        self.copy(SEQUENCE)
        file = self.directory / "adapter_model.safetensors"
        content = bytearray(file.read_bytes())
        content[-1] ^= 1
        file.write_bytes(content)
        self.refuses("adapter_model.safetensors is damaged: it differs from its line in SHA256SUMS")

    def test_a_file_cut_short_is_refused_without_a_manifest_too(self):
        self.copy(SEQUENCE)
        (self.directory / "SHA256SUMS").unlink(missing_ok=True)
        file = self.directory / "adapter_model.safetensors"
        file.write_bytes(file.read_bytes()[:-100])
        self.refuses("adapter_model.safetensors is damaged")

    def test_another_model_is_refused(self):
        self.copy(SEQUENCE)
        self.refuses("has the shape", model="llama-yarn")
        self.refuses("no tensors for model.layers.2", model="gemma3")

    def test_a_tensor_that_lacks_is_refused(self):
        self.copy(SEQUENCE)
        self.edit_tensors(lambda tensors: tensors.pop("base_model.model.model.layers.1.mlp.router.weight"))
        self.refuses("no router for model.layers.1.mlp")

    def test_an_unknown_tensor_is_refused(self):
        self.copy(SEQUENCE)
        self.edit_tensors(lambda tensors: tensors.update({"base_model.model.lm_head.weight": torch.ones(1)}))
        self.refuses("base_model.model.lm_head.weight is no tensor that this module knows")

    def test_a_router_of_another_size_is_refused(self):
        self.copy(SEQUENCE)
        self.edit_tensors(lambda tensors: tensors.update(
            {"base_model.model.model.layers.1.mlp.router.weight": torch.ones(3, 32)}))
        self.refuses("router for model.layers.1.mlp has the shape")

    def test_other_kinds_and_options_are_refused(self):
        self.copy(LORA)
        self.edit(alpha_pattern={"q_proj": 4})
        self.refuses("alpha_pattern is not supported")
        self.edit(alpha_pattern={}, peft_type="LOHA")
        self.refuses("peft_type is LOHA")

    def test_a_second_adapter_is_refused(self):
        model = self.loaded(LORA)
        with self.assertRaisesRegex(ValueError, "carries an adapter already"):
            remix_adapter.load(model, GOLDENS / TOKEN)

    def test_merging_is_refused_with_the_reason(self):
        with self.assertRaisesRegex(NotImplementedError, "a mixture can't be merged: REMIX weighs its LoRAs anew for each prompt"):
            remix_adapter.merge(self.loaded(SEQUENCE))
        with self.assertRaisesRegex(NotImplementedError, "a mixture can't be merged: MIXLORA weighs its LoRAs anew for each token"):
            remix_adapter.merge(self.loaded(TOKEN))
        with self.assertRaisesRegex(NotImplementedError, "peft.PeftModel.from_pretrained and call merge_and_unload"):
            remix_adapter.merge(self.loaded(LORA))
        with self.assertRaisesRegex(ValueError, "carries no adapter"):
            remix_adapter.merge(base(MODEL))

    def test_a_prompt_in_two_calls_is_refused_where_it_selects_as_a_whole(self):
        model = self.loaded(SEQUENCE)
        cache = model(torch.tensor([PROMPT[:3]]), use_cache=True).past_key_values
        with self.assertRaisesRegex(ValueError, "give the prompt in one call"):
            model(torch.tensor([PROMPT[3:]]), past_key_values=cache)
        self.loaded(TOKEN)(torch.tensor([PROMPT[3:]]), past_key_values=transformers.DynamicCache())

    def test_a_mask_of_another_prompt_is_refused(self):
        with self.assertRaisesRegex(ValueError, r"attention_mask has the shape \[1, 5\]; the prompt has \[1, 6\]"):
            self.loaded(SEQUENCE)(torch.tensor([PROMPT]), attention_mask=torch.ones(1, 5))

    def test_answers_do_not_hang_on_the_batch_or_the_cache(self):
        for name in (SEQUENCE, TOKEN):
            model = self.loaded(name)
            prompts = [PROMPT, PROMPT[:2], PROMPT[1:5]]
            alone = [self.generated(model, [prompt])[0] for prompt in prompts]
            for cache in ("dynamic", "static"):
                self.assertEqual(alone, self.generated(model, prompts, cache_implementation=cache))

    def test_gemmas_two_masks_are_read(self):
        golden = json.loads((GOLDENS / "remix-sequence-rslora/golden.json").read_text())
        model = remix_adapter.load(base(golden["model"]), GOLDENS / "remix-sequence-rslora")
        found = self.generated(model, golden["prompts"], cache_implementation="static")
        self.assertEqual([answer[:NEW] for answer in golden["answers"]], found)

    def test_beams_begin_with_the_same_selection(self):
        self.assertEqual(NEW, len(self.generated(self.loaded(SEQUENCE), [PROMPT], num_beams=3)[0]))

    def test_runs_in_bfloat16(self):
        model = remix_adapter.load(base(MODEL).to(torch.bfloat16), GOLDENS / TOKEN)
        logits = model(torch.tensor([PROMPT])).logits
        self.assertEqual(torch.bfloat16, logits.dtype)
        near = self.loaded(TOKEN)(torch.tensor([PROMPT])).logits
        self.assertLess((logits - near).abs().mean(), 0.2)


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    unittest.main()
