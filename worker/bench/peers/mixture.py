"""ReMix in plain PyTorch over a transformers model: what one writes from the paper in an afternoon, with care.

The M draws of a batch run as one batch of M·B sequences. The N LoRAs of a projection are one stacked low-rank product whose
ranks are masked, `((x A_allᵀ) ⊙ gate) B_allᵀ`. One router a feed-forward block, trained by REINFORCE leave-one-out.
"""

import sys

import torch
from contestant import Work, padded, serve
from torch import nn
from torch.nn.functional import cross_entropy, linear
from transformers import AutoModelForCausalLM

work = Work(sys.argv[1])
torch.manual_seed(work.seed)
torch.set_num_threads(work.threads)
M, N, K, R = work.draws, work.loras, work.active, work.rank
by_sequence = work.routing == "sequence"
autocast = torch.autocast("cpu", torch.bfloat16, enabled=work.mode != "f32")


class Pool(nn.Module):
    """A frozen projection with its N LoRAs: y = W x + ((x A_allᵀ) ⊙ gate) B_allᵀ."""

    def __init__(self, frozen):
        super().__init__()
        self.frozen = frozen
        self.a = nn.Parameter(torch.empty(N * R, frozen.in_features))
        self.b = nn.Parameter(torch.zeros(frozen.out_features, N * R))
        nn.init.kaiming_uniform_(self.a, a=5**0.5)

    def forward(self, x, gate):
        return self.frozen(x) + linear(linear(x, self.a) * gate, self.b)


class Mixture(nn.Module):
    """A feed-forward whose three projections share the K LoRAs that its router draws."""

    prompts = None  # [M·B, T] 1 on the prompt's positions; the same for all layers
    log_qs = []

    def __init__(self, mlp):
        super().__init__()
        self.gate, self.up, self.down = Pool(mlp.gate_proj), Pool(mlp.up_proj), Pool(mlp.down_proj)
        self.act = mlp.act_fn
        self.router = nn.Parameter(0.02 * torch.randn(N, mlp.gate_proj.in_features))

    def forward(self, x):
        seen = x.detach().float()
        if by_sequence:
            share = Mixture.prompts / Mixture.prompts.sum(1, keepdim=True)
            seen = (share.unsqueeze(1) @ seen).squeeze(1)
        logits = linear(seen, self.router)
        gumbel = -torch.empty_like(logits).exponential_().log()
        selection = (logits.detach() + gumbel).topk(K).indices
        Mixture.log_qs.append(log_q(logits, selection))
        gate = torch.zeros_like(logits).scatter(-1, selection, work.alpha / (K * R) ** 0.5)
        gate = gate.repeat_interleave(R, -1)
        gate = gate.unsqueeze(1) if by_sequence else gate
        return self.down(self.act(self.gate(x, gate)) * self.up(x, gate), gate)


def log_q(logits, selection):
    """Of an ordered draw without replacement: each LoRA's share of what was left when it was drawn."""
    total = 0.0
    for k in range(K):
        drawn = selection[..., k : k + 1]
        total = total + (logits.gather(-1, drawn).squeeze(-1) - logits.logsumexp(-1))
        logits = logits.scatter(-1, drawn, float("-inf"))
    return total


model = AutoModelForCausalLM.from_pretrained(work.model, dtype=torch.bfloat16 if work.mode == "bf16" else torch.float32)
model.requires_grad_(False)
for layer in model.model.layers:
    layer.mlp = Mixture(layer.mlp)
model.train()
routers = [p for name, p in model.named_parameters() if name.endswith("router")]
factors = [p for name, p in model.named_parameters() if p.requires_grad and not name.endswith("router")]
optimizer = torch.optim.AdamW(
    [{"params": factors}, {"params": routers}], lr=work.learning_rate, weight_decay=0.0, fused=True
)


def losses_of(tokens, labels, mask):
    """Nats at the position that predicts a token, [M, B, T-1], 0 where nothing is learnt."""
    Mixture.prompts = ((labels == -100) & (mask == 1)).float().repeat(M, 1)
    Mixture.log_qs = []
    h = model.model(input_ids=tokens.repeat(M, 1), attention_mask=mask.repeat(M, 1), use_cache=False).last_hidden_state
    wanted = labels[:, 1:].repeat(M, 1)
    learnt = wanted != -100
    nats = cross_entropy(model.lm_head(h[:, :-1][learnt]).float(), wanted[learnt], reduction="none")
    return torch.zeros(wanted.shape).masked_scatter(learnt, nats).unflatten(0, (M, -1))


def objective(losses, count):
    """Each example's mean over its learnt tokens and draws, plus the routers' score term; weighted by its learnt tokens."""
    log_q = sum(Mixture.log_qs).unflatten(0, (M, -1))
    if by_sequence:
        reward = losses.detach().sum(-1)
    else:  # a draw answers for the losses at its position and after
        reward = losses.detach().flip(-1).cumsum(-1).flip(-1)
        log_q = log_q[..., :-1]
    advantage = (reward - reward.mean(0)) * (M / (M - 1))
    score = advantage * log_q
    score = score if by_sequence else score.sum(-1)
    return (losses.sum(-1) + score).mean(0).sum() / count


def step(examples):
    tokens, labels, mask = padded(examples)
    count = (labels != -100).sum()
    with autocast:
        losses = losses_of(tokens, labels, mask)
    objective(losses, count).backward()
    torch.nn.utils.clip_grad_norm_(factors, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return (losses.sum() / M / count).item()


serve(work, step)
