# Answers to a batch of prompts, some tokens a call: decoding.py has the text. A kind's missing lists are one dummy number each.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # Reads the prompts. `rows` are their last positions, columns, on the CPU, the cache's size.
  # Returns the first tokens [B]; for each site what the answer's selections are made of, where an example selects once; of DoRA the
  # scales; each layer's keys, and each layer's values.
  def read(self: __torch__.M,
    tokens: Tensor,
    positions: Tensor,
    example: Tensor,
    prompt: Tensor,
    rows: Tensor,
    groups: Tensor,
    columns: Tensor,
    uniforms: Tensor,
    sampling: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    vectors: List[Tensor],
    plan: Tensor,
    factors: List[Tensor],
    routers: List[Tensor],
    squares: List[Tensor],
    noise: Tensor) -> List[Tensor]:
    batch = __torch__.batch.of(tokens, tokens, positions, example, prompt, prompt, rows, groups)
    model = __torch__.decoder.model(config, tables, matrices, vectors)
    adapter = __torch__.mixture.Adapter(__torch__.mixture.plan(plan), factors, routers, squares, noise, noise, annotate(List[Tensor], []))
    scales = __torch__.mixture.scales(model, adapter)
    room = int(columns)
    cache = __torch__.layer.Cache(__torch__.decoding.room(batch, room, model), __torch__.decoding.room(batch, room, model), 0, annotate(List[Tensor], []))
    trace = __torch__.mixture.trace()
    h = __torch__.layer.states(model, __torch__.mixture.settled(adapter, scales), batch, cache, trace)
    logits = __torch__.decoder.logits(torch.select(__torch__.objective.rows(h, batch), 0, 0), model)
    fixed = trace.logits if adapter.plan.by_example else annotate(List[Tensor], [])
    made = [__torch__.sampling.next(logits, uniforms, sampling)]
    return torch.add(torch.add(torch.add(made, fixed), scales), torch.add(cache.keys, cache.values))


  # Further tokens of each sequence [B, T]: as many as uniforms has columns, or fewer where all have ended by then.
  #   last, places [B] int64   the newest tokens, which the cache does not have yet, and their places in their sequences
  #   ended        [B] bool    sequences whose tokens nobody wants
  #   gaps         [B] int64   columns before each prompt
  #   state        on the CPU, [2] int64: columns that are filled, and 1 where a gap is not 0
  #   stops        [S] int64   tokens that end a sequence
  def extend(self: __torch__.M,
    last: Tensor,
    places: Tensor,
    ended: Tensor,
    gaps: Tensor,
    state: Tensor,
    stops: Tensor,
    uniforms: Tensor,
    sampling: Tensor,
    fixed: List[Tensor],
    scales: List[Tensor],
    keys: List[Tensor],
    values: List[Tensor],
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    vectors: List[Tensor],
    plan: Tensor,
    factors: List[Tensor],
    routers: List[Tensor],
    squares: List[Tensor],
    noise: Tensor) -> Tensor:
    model = __torch__.decoder.model(config, tables, matrices, vectors)
    settled = __torch__.mixture.settled_plan(__torch__.mixture.plan(plan), False)
    selected = fixed if settled.by_example else annotate(List[Tensor], [])
    adapter = __torch__.mixture.Adapter(settled, factors, routers, scales, noise, noise, selected)
    seen = __torch__.decoding.seen(gaps, torch.ne(int(state[1]), 0), torch.size(keys[0], 2))
    cache = __torch__.layer.Cache(keys, values, int(state[0]), seen)
    return __torch__.decoding.further(last, places, ended, torch.size(uniforms, 1), stops, uniforms, sampling, model, adapter, cache)


  # Some of a batch's sequences: `dim` of each array is cut down to `rows`
  def narrowed(self: __torch__.M,
    arrays: List[Tensor],
    dim: Tensor,
    rows: Tensor) -> List[Tensor]:
    kept = annotate(List[Tensor], [])
    for array in arrays:
      _0 = torch.append(kept, torch.index_select(array, int(dim), rows))
    return kept
