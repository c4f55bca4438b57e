# Greedy decoding, one text for every kind of model: the plan (mixture.py) says what stands beside the feed-forward.
#
#   tokens [B, P] int64   prompts of one length, so that nothing is padded and nothing masked
#   limits [2] int64      most new tokens, end of turn
#   plan   [9] float64    of mixture.py; routing -1 for a model without LoRAs
#
# A sequence's one subset is chosen where training chooses it, from the prompt, and kept for the whole answer.


# Most new tokens after these prompts: as many as asked for, but no position beyond the tables
def bound(tokens: Tensor, asked: int, tables: Tensor) -> int:
  left = torch.size(tables, 1) - torch.size(tokens, 1)
  return asked if asked < left else left


# The weights of the pool's ranks at a site: x [B, T, D], the normalised input -> [], [B, 1, N*R] or [B, T, N*R]
def gate(x: Tensor, layer: int, plan: Tensor, routers: List[Tensor]) -> Tensor:
  weights = torch.to(plan[4], x.dtype, False, False, None)
  if int(plan[0]) > 0:
    prompts = torch.full([torch.size(x, 0)], torch.size(x, 1), dtype=4, layout=None, device=x.device)
    logits = torch.linear(__torch__.mixture.site_input(x, prompts, plan), routers[layer])
    selection = __torch__.policy.top(logits, int(plan[2]))
    weights = __torch__.mixture.of_ranks(__torch__.policy.gate(logits, selection, float(plan[4])), plan)
  return weights


# The most probable token after the last position: h [B, T, D] -> [B]
def choose(h: Tensor, matrices: List[Tensor], norms: List[Tensor], config: Tensor) -> Tensor:
  last = torch.select(h, 1, -1)
  return torch.argmax(__torch__.decoder.logits(last, matrices, norms, config), -1, False)


# [B, most]: answers, each filled up with ends of turn
def answers(tokens: Tensor, limits: Tensor, plan: Tensor, factors: List[Tensor], routers: List[Tensor], matrices: List[Tensor], norms: List[Tensor], tables: Tensor, config: Tensor) -> Tensor:
  end = int(limits[1])
  most = __torch__.greedy.bound(tokens, int(limits[0]), tables)
  routing = int(plan[0])
  keys = __torch__.cache.empty(tokens, most, matrices, config)
  values = __torch__.cache.empty(tokens, most, matrices, config)
  gates = annotate(List[Tensor], [])
  answer = torch.full([torch.size(tokens, 0), most], end, dtype=4, layout=None, device=tokens.device)
  ended = torch.zeros([torch.size(tokens, 0)], dtype=11, layout=None, device=tokens.device)
  input = tokens
  start = 0
  made = 0
  going = most > 0
  while going:
    h = __torch__.decoder.embed(input, matrices, norms)
    for layer in range(int(config[0])):
      h = __torch__.cache.attend(h, layer, start, keys[layer], values[layer], matrices, norms, tables, config)
      if routing < 0:
        h = __torch__.decoder.feed_forward(h, layer, matrices, norms, config)
      else:
        x = __torch__.decoder.norm(h, norms[2 * layer + 1], config)
        if start == 0:
          _0 = torch.append(gates, __torch__.greedy.gate(x, layer, plan, routers))
        elif routing == 2:
          _1 = torch._set_item(gates, layer, __torch__.greedy.gate(x, layer, plan, routers))
        h = __torch__.mixture.feed_forward(h, x, gates[layer], layer, plan, factors, matrices)
    next = torch.masked_fill(__torch__.greedy.choose(h, matrices, norms, config), ended, end)
    ended = torch.logical_or(ended, torch.eq(next, end))
    _2 = torch.copy_(torch.select(answer, 1, made), next)
    made = made + 1
    start = start + torch.size(input, 1)
    input = torch.unsqueeze(next, 1)
    going = made < most and not bool(torch.all(ended))
  return answer
