# Greedy decoding with a cache of keys and values, so that a new token costs one position.
#
#   tokens [B, T] int64   prompts of one length, so that nothing is padded and nothing masked
#   limits [2] int64      most new tokens, end of turn
#
# An example's one selection is made where training makes it, from the prompt, and kept for the whole answer.


# Most new tokens after these prompts: as many as asked for, but no position beyond the tables
def bound(tokens: Tensor, asked: int, model: __torch__.decoder.Model) -> int:
  left = torch.size(model.tables, 2) - torch.size(tokens, 1)
  return asked if asked < left else left


# For each layer, room for prompts and answers
def room(count: int, positions: int, model: __torch__.decoder.Model) -> List[Tensor]:
  size = [count, model.shape.key_heads, positions, model.shape.width]
  made = annotate(List[Tensor], [])
  for layer in range(model.shape.layers):
    _0 = torch.append(made, torch.zeros(size, dtype=model.matrices[0].dtype, layout=None, device=model.matrices[0].device))
  return made


# New tokens [B, T] as a batch of one group: all of them are prompt
def of_prompts(tokens: Tensor) -> __torch__.batch.Batch:
  count = torch.size(tokens, 0)
  length = torch.size(tokens, 1)
  flat = torch.flatten(tokens)
  positions = torch.repeat(torch.arange(length, dtype=4, layout=None, device=tokens.device), [count])
  example = torch.repeat_interleave(torch.arange(count, dtype=4, layout=None, device=tokens.device), length)
  share = torch.full([count * length], 1. / float(length), dtype=6, layout=None, device=tokens.device)
  return __torch__.batch.Batch(flat, flat, positions, example, share, share, positions, [count], [length], count, length)


# What a selection for the whole answer was made of, to be kept; nothing where each position selects
def kept(trace: __torch__.mixture.Trace, adapter: __torch__.mixture.Adapter) -> __torch__.mixture.Adapter:
  fixed = annotate(List[Tensor], [])
  if adapter.plan.by_example:
    fixed = trace.logits
  return __torch__.mixture.Adapter(adapter.plan, adapter.factors, adapter.routers, adapter.squares, adapter.noise, adapter.keys, fixed)


# [B, most]: answers, each filled up with ends of turn
def answers(tokens: Tensor, limits: Tensor, model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter) -> Tensor:
  end = int(limits[1])
  count = torch.size(tokens, 0)
  most = __torch__.greedy.bound(tokens, int(limits[0]), model)
  positions = torch.size(tokens, 1) + most
  cache = __torch__.layer.Cache(__torch__.greedy.room(count, positions, model), __torch__.greedy.room(count, positions, model), 0)
  answer = torch.full([count, most], end, dtype=4, layout=None, device=tokens.device)
  ended = torch.zeros([count], dtype=11, layout=None, device=tokens.device)
  input = tokens
  made = 0
  going = most > 0
  while going:
    trace = __torch__.mixture.trace()
    h = __torch__.layer.states(model, adapter, __torch__.greedy.of_prompts(input), cache, trace)
    if cache.start == 0:
      adapter = __torch__.greedy.kept(trace, adapter)
    last = torch.select(torch.view(h, [count, torch.size(input, 1), -1]), 1, -1)
    best = torch.argmax(__torch__.decoder.logits(last, model), -1, False)
    next = torch.masked_fill(best, ended, end)
    ended = torch.logical_or(ended, torch.eq(next, end))
    _2 = torch.copy_(torch.select(answer, 1, made), next)
    cache = __torch__.layer.Cache(cache.keys, cache.values, cache.start + torch.size(input, 1))
    made = made + 1
    input = torch.unsqueeze(next, 1)
    going = made < most and not bool(torch.all(ended))
  return answer
