# Next-token cross entropy. A token's loss stands at the position that predicts it: index t holds the loss of token t+1.
#
#   tokens  [B, T+1] int64, padded on the right
#   targets [B, T+1] 0/1: the tokens that are learnt; 0 on padding
#
# Only positions with a loss go through the head: prompts are most of the tokens, and logits are most of the memory.


# The first position that has a loss
def first(targets: Tensor) -> int:
  return int(torch.min(torch.nonzero(torch.any(torch.slice(targets, 1, 1), 0))))


# h [M*B, T, D] draws outermost, or fewer positions of it, the last ones -> nats [M, B, T], 0 where nothing is learnt
def token_losses(h: Tensor, tokens: Tensor, targets: Tensor, matrices: List[Tensor], norms: List[Tensor], config: Tensor) -> Tensor:
  b = torch.size(tokens, 0)
  t = torch.size(h, 1)
  m = torch.floordiv(torch.size(h, 0), b)
  before = torch.size(tokens, 1) - 1 - t
  learnt = torch.squeeze(torch.nonzero(torch.reshape(torch.slice(targets, 1, before + 1), [-1])), -1)
  labels = torch.index_select(torch.reshape(torch.slice(tokens, 1, before + 1), [-1]), 0, learnt)
  states = torch.index_select(torch.reshape(h, [m, b * t, -1]), 1, learnt)
  logits = __torch__.decoder.logits(states, matrices, norms, config)
  log_p = torch.log_softmax(logits, -1)
  index = torch.expand(torch.view(labels, [1, -1, 1]), [m, -1, -1])
  nats = torch.neg(torch.squeeze(torch.gather(log_p, -1, index), -1))
  all = torch.zeros([m, b * t], dtype=nats.dtype, layout=None, device=nats.device)
  return torch.constant_pad_nd(torch.view(torch.index_add(all, 1, learnt, nats), [m, b, t]), [before, 0])


# Each example's share of the learnt tokens, so that the weighted mean of examples is the mean of tokens: [B]
def weights(targets: Tensor, type: Tensor) -> Tensor:
  counts = torch.to(torch.sum(torch.slice(targets, 1, 1), [-1]), type.dtype)
  return torch.div(counts, torch.sum(counts))
