"""Golden strings and token ids of chat templates, as transformers makes them.

    python make_chat_goldens.py ../resources/goldens/chat

Reads the templates' sources from ../resources/goldens/templates. Writes small tokenizers of every kind and one chats.json; the
tokenizers are trained on the text below, so that nothing is downloaded and the same versions give the same files.
"""

import json
import sys
from pathlib import Path

import jinja2
import tokenizers
import transformers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

TEMPLATES = Path(__file__).parent.parent / "resources" / "goldens" / "templates"
TEXT = [
    "You are a helpful assistant. You are Qwen, created by Alibaba Cloud.",
    "Cutting Knowledge Date: December 2023 Today Date: 26 Jul 2024",
    "system user assistant model What is two and two? It is four. Be brief, please; say it again.",
    "The answer to the question is in the text. [INST] [/INST] <<SYS>> <</SYS>>\n\n",
]

# Which tokenizer, beginning and end a template's models have.
MODELS = {
    "chatml": ("byte_level", None, "<|im_end|>"),
    "chatml_guarded": ("byte_level", None, "<|im_end|>"),
    "smollm2": ("byte_level", None, "<|im_end|>"),
    "qwen2": ("byte_level", None, "<|im_end|>"),
    "qwen2_5": ("byte_level", None, "<|im_end|>"),
    "qwen3": ("byte_level", None, "<|im_end|>"),
    "qwen3_first": ("byte_level", None, "<|im_end|>"),
    "qwen3_instruct_2507": ("byte_level", None, "<|im_end|>"),
    "llama3": ("byte_level", "<|begin_of_text|>", "<|eot_id|>"),
    "llama3_unconditional": ("byte_level", "<|begin_of_text|>", "<|eot_id|>"),
    "llama3_1": ("byte_level", "<|begin_of_text|>", "<|eot_id|>"),
    "llama3_2": ("byte_level", "<|begin_of_text|>", "<|eot_id|>"),
    "llama2": ("metaspace_always", "<s>", "</s>"),
    "mistral_first": ("metaspace_always", "<s>", "</s>"),
    "mistral_first_spaced": ("metaspace_always", "<s>", "</s>"),
    "mistral_first_system": ("metaspace_always", "<s>", "</s>"),
    "mistral_third": ("metaspace_first", "<s>", "</s>"),
    "mistral_nemo": ("byte_level", "<s>", "</s>"),
    "gemma": ("metaspace_never", "<bos>", "<eos>"),
    "gemma3": ("metaspace_never", "<bos>", "<eos>"),
}

SPECIALS = {
    "byte_level": ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|begin_of_text|>", "<|start_header_id|>",
                   "<|end_header_id|>", "<|eot_id|>", "<s>", "</s>", "[INST]", "[/INST]"],
    "metaspace_always": ["<unk>", "<s>", "</s>"],
    "metaspace_first": ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"],
    "metaspace_never": ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"],
}


def system(text):
    return {"role": "system", "content": text}


def user(text):
    return {"role": "user", "content": text}


def assistant(text):
    return {"role": "assistant", "content": text}


# Each ends with the assistant's answer; what stands before it is the prompt.
CHATS = {
    "question": [user("What is two and two?"), assistant("It is four.")],
    "system": [system("Be brief, please."), user("What is two and two?"), assistant("It is four.")],
    "turns": [user("Hi"), assistant("Hello."), user("What is it?"), assistant("The answer."), user("Again"), assistant("No")],
    "turns with system": [system("Be brief."), user("Hi"), assistant("Hello."), user("Again?"), assistant("No.")],
    "empty": [system(""), user(""), assistant("")],
    "empty question": [user(""), assistant("It is four.")],
    "blanks": [user("  \t two\n\n"), assistant("  four \n"), user("\u00a0a\u2003\u0085"), assistant("\u3000b\u202f\x1f")],
    "system with blanks": [system("\n be brief \n"), user(" a "), assistant(" b ")],
    "braces": [system("{{ 7 * 7 }}"), user("{{ bos_token }} {% raw %} {# no #}"), assistant("{{ messages }}")],
    "odd letters": [user("é 😀 中文 \"'\\ \u200b"), assistant("naïve – ‘x’")],
    "line feed first": [user("a"), assistant("\n\nfour")],
    "control tokens": [
        user("<|im_end|>\n<|im_start|>assistant\n</s><s>[/INST][INST]<|eot_id|><end_of_turn><|begin_of_text|><bos>"),
        assistant("<|im_end|></s><|eot_id|><end_of_turn><eos>")],
    "thoughts": [user("a"), assistant("<think>\nhm\n</think>\n\nfour"), user("b"), assistant("<think>so</think>five")],
    "unclosed thoughts": [user("<think>"), assistant("<think>four")],
    "tool": [user("a"), assistant("b"), user("<tool_response>4</tool_response>"), assistant("four")],
    "assistant first": [assistant("Hello."), user("Hi"), assistant("Yes")],
    "two questions": [user("Hi"), user("there"), assistant("Yes")],
}


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(
            Regex(r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
                  r"|\s*[\r\n]+|\s+(?!\S)|\s+"), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(TEXT, trainers.BpeTrainer(
        vocab_size=420, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in SPECIALS["byte_level"]])
    # As Qwen 3 has it: behind the control tokens, and no control token itself.
    tokenizer.add_tokens([AddedToken(token, normalized=False, special=False) for token in ("<think>", "</think>")])
    return json.loads(tokenizer.to_str())


def metaspace(kind):
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    letters = sorted(set("".join(TEXT)) | set("▁"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    tokenizer.train_from_iterator(TEXT, trainers.BpeTrainer(
        vocab_size=520, special_tokens=SPECIALS[kind] + bytes_, initial_alphabet=letters, show_progress=False))
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = [token for token in data["added_tokens"] if token["content"] not in bytes_]
    to_bar = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    data["pre_tokenizer"] = None
    if kind == "metaspace_always":
        data["normalizer"] = {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, to_bar]}
    elif kind == "metaspace_first":
        data["normalizer"] = None
        data["pre_tokenizer"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}
    else:
        data["normalizer"] = to_bar
        data["pre_tokenizer"] = {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious",
                                 "invert": False}
    parts = [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]
    if kind != "metaspace_never":
        parts.append({"type": "Strip", "content": " ", "start": 1, "stop": 0})
    data["decoder"] = {"type": "Sequence", "decoders": parts}
    return data


def render(tokenizer, messages, prompt, tokenize=False):
    return tokenizer.apply_chat_template(
        messages, add_generation_prompt=prompt, tokenize=tokenize, date_string="26 Jul 2024")


def golden(tokenizer, name, messages):
    """The prompt and the whole conversation as text, and as ids where a rendered chat reads prompt and answer apart."""
    try:
        prompt = render(tokenizer, messages[:-1], True)
        conversation = render(tokenizer, messages, False)
    except jinja2.exceptions.TemplateError as error:
        return {"refused": str(error)}
    if name == "llama3_unconditional":
        conversation = conversation.removesuffix("<|start_header_id|>assistant<|end_header_id|>\n\n")
    # Two templates put the system message before the last question only while it waits for its answer.
    moved = not conversation.startswith(prompt)
    if moved:
        assert name in ("mistral_third", "mistral_nemo"), name
        conversation = prompt + conversation[conversation.rindex("[/INST]") + len("[/INST]"):]
    result = {"prompt": prompt, "conversation": conversation}
    if not moved and name != "llama3_unconditional" and not any(
            special in message["content"] for message in messages for special in tokenizer.all_special_tokens):
        first = render(tokenizer, messages[:-1], True, tokenize=True)
        whole = render(tokenizer, messages, False, tokenize=True)
        if whole[: len(first)] == first:
            result["promptIds"], result["ids"] = (" ".join(map(str, ids)) for ids in (first, whole))
    return result


def main(directory):
    directory.mkdir(parents=True, exist_ok=True)
    for kind in SPECIALS:
        data = byte_level() if kind == "byte_level" else metaspace(kind)
        text = json.dumps(data, ensure_ascii=False, indent=None, separators=(",", ":"))
        (directory / f"{kind}.json").write_text(text, encoding="utf-8")
    goldens = {}
    for name, (kind, bos, eos) in MODELS.items():
        tokenizer = transformers.PreTrainedTokenizerFast(
            tokenizer_file=str(directory / f"{kind}.json"), bos_token=bos, eos_token=eos,
            chat_template=(TEMPLATES / f"{name}.jinja").read_text(encoding="utf-8"))
        tokenizer.add_special_tokens({"additional_special_tokens": SPECIALS[kind]})
        goldens[name] = {
            "tokenizer": kind, "bos": bos, "eos": eos,
            "chats": {chat: golden(tokenizer, name, messages) for chat, messages in CHATS.items()}}
    made_by = {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__, "jinja2": jinja2.__version__}
    content = {"madeBy": made_by, "chats": CHATS, "goldens": goldens}
    (directory / "chats.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
