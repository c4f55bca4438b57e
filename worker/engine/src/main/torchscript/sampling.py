# The next token of each sequence, from its logits and a uniform number that the caller supplies: the same number, the same token.
#
#   temperature 0    the most probable token
#   otherwise        by p = softmax(z / temperature), of which the fewest tokens that have top_p of the mass together are kept,
#                    the most probable first; in that order the first whose cumulative mass exceeds u times the kept mass
#
# Letters: B sequences, V vocabulary.


#   logits [B, V], uniforms [B] float64 in [0, 1), settings, on the CPU, [2] float64: temperature, top_p -> [B] int64
def next(logits: Tensor, uniforms: Tensor, settings: Tensor) -> Tensor:
  temperature = float(settings[0])
  if torch.eq(temperature, 0.):
    found = torch.argmax(logits, -1, False)
  else:
    found = __torch__.sampling.drawn(logits, uniforms, temperature, float(settings[1]))
  return found


# In float64, where a cumulative sum over any vocabulary is exact enough. The largest logit is taken off before the division, which
# no temperature can then make overflow.
def drawn(logits: Tensor, uniforms: Tensor, temperature: float, top_p: float) -> Tensor:
  z = torch.to(logits, 7)
  shares = torch.softmax(torch.div(torch.sub(z, torch.amax(z, [-1], True)), temperature), -1)
  ranked, order = torch.sort(shares, stable=True, dim=-1, descending=True)
  mass = torch.cumsum(ranked, -1)
  before = torch.constant_pad_nd(torch.slice(mass, -1, 0, -1), [1, 0])
  kept = torch.sum(torch.lt(before, top_p), [-1], True)
  target = torch.mul(torch.gather(mass, -1, torch.sub(kept, 1)), torch.unsqueeze(uniforms, -1))
  rank = torch.minimum(torch.sum(torch.le(mass, target), [-1], True), torch.sub(kept, 1))
  return torch.squeeze(torch.gather(order, -1, rank), -1)
