# Generation with a cache of keys and values, so that a new token costs one position.
#
# Prompts are read as training reads examples: one flat run of positions, nothing padded. In the cache they end at one column, so
# that all sequences of a batch put their next token's keys into the same one; what lies before a shorter prompt is masked.
#
# What each site was made of is settled when the prompts are read: a selection for a whole example, as training makes it from the
# prompt, and the scales of DoRA. Where each position selects, each new one does.


# Room for prompts and answers: nothing of it is read before it is written
def room(batch: __torch__.batch.Batch, columns: int, model: __torch__.decoder.Model) -> List[Tensor]:
  size = [batch.examples, model.shape.key_heads, columns, model.shape.width]
  made = annotate(List[Tensor], [])
  for layer in range(model.shape.layers):
    _0 = torch.append(made, torch.empty(size, dtype=model.matrices[0].dtype, layout=None, device=model.matrices[0].device))
  return made


# Which columns belong to a sequence: gaps [B] columns before its prompt -> a list of one bool [B, 1, 1, columns], or of none
def seen(gaps: Tensor, padded: bool, columns: int) -> List[Tensor]:
  found = annotate(List[Tensor], [])
  if padded:
    column = torch.arange(columns, dtype=4, layout=None, device=gaps.device)
    _0 = torch.append(found, torch.ge(torch.view(column, [1, 1, 1, -1]), torch.view(gaps, [-1, 1, 1, 1])))
  return found


# One new position of each sequence: tokens [B], places [B] in their sequences
def of_new(tokens: Tensor, places: Tensor, model: __torch__.decoder.Model) -> __torch__.batch.Batch:
  count = torch.size(tokens, 0)
  # A sequence that has ended goes on beside the others, maybe beyond the tables.
  positions = torch.clamp_max(places, torch.size(model.tables, 2) - 1)
  example = torch.arange(count, dtype=4, layout=None, device=tokens.device)
  return __torch__.batch.Batch(tokens, tokens, positions, example, tokens, tokens, example, [count], [1], count, 1)


# Whether each is one of `stops` [S]: tokens [B] -> [B] bool
def is_stop(tokens: Tensor, stops: Tensor) -> Tensor:
  return torch.any(torch.eq(torch.unsqueeze(tokens, 1), torch.unsqueeze(stops, 0)), 1)


# Tokens after `last` [B], until `steps` of them are made or all sequences have ended: [B, steps or less]
def further(last: Tensor, places: Tensor, ended: Tensor, steps: int, stops: Tensor, uniforms: Tensor, sampling: Tensor, model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, cache: __torch__.layer.Cache) -> Tensor:
  made = annotate(List[Tensor], [])
  tokens = last
  over = ended
  going = steps > 0
  while going:
    count = torch.len(made)
    batch = __torch__.decoding.of_new(tokens, torch.add(places, count), model)
    at = __torch__.layer.Cache(cache.keys, cache.values, cache.start + count, cache.seen)
    h = __torch__.layer.states(model, adapter, batch, at, __torch__.mixture.trace())
    logits = __torch__.decoder.logits(torch.select(h, 0, 0), model)
    tokens = __torch__.sampling.next(logits, torch.select(uniforms, 1, count), sampling)
    _0 = torch.append(made, tokens)
    over = torch.logical_or(over, __torch__.decoding.is_stop(tokens, stops))
    going = count + 1 < steps and not bool(torch.all(over))
  return torch.stack(made, 1)
