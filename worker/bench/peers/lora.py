"""LoRA by eager PyTorch, transformers and PEFT.

`default` is what the libraries do when nothing is said: float32, batches padded to their longest and in random order, loss
by the model itself. `autocast` and `bf16` are PEFT at its own best: bfloat16 autocast over a float32 or a bfloat16 base,
batches grouped by length, only the learnt positions through the head, the fused optimizer.
"""

import sys

import torch
from contestant import Work, padded, serve
from peft import LoraConfig, get_peft_model
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM

work = Work(sys.argv[1])
torch.manual_seed(work.seed)
torch.set_num_threads(work.threads)
at_default = work.mode == "default"

base = AutoModelForCausalLM.from_pretrained(work.model, dtype=torch.bfloat16 if work.mode == "bf16" else torch.float32)
base.config.use_cache = False
config = LoraConfig(
    r=work.rank,
    lora_alpha=work.alpha,
    lora_dropout=0.0,
    target_modules=work.targets,
    use_rslora=work.kind == "rslora",
    use_dora=work.kind == "dora",
    task_type="CAUSAL_LM",
)
model = get_peft_model(base, config)
model.train()
trained = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=work.learning_rate, weight_decay=0.0, fused=None if at_default else True)


def loss_by_default(tokens, labels, mask):
    return model(input_ids=tokens, attention_mask=mask, labels=labels).loss


def loss_at_best(tokens, labels, mask):
    with torch.autocast("cpu", torch.bfloat16):
        # Padding lies behind all that is learnt, where causal attention never looks: without a mask it is cheaper.
        h = base.model(input_ids=tokens).last_hidden_state
        labels = labels[:, 1:]
        learnt = labels != -100
        return cross_entropy(base.lm_head(h[:, :-1][learnt]).float(), labels[learnt])


loss_of = loss_by_default if at_default else loss_at_best


def step(examples):
    loss = loss_of(*padded(examples))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


serve(work, step)
