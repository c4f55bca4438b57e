# A pool of LoRAs beside a decoder's feed-forward projections, K of N of them switched on by the same constant weight.
#
#   q = softmax(P x)                         one router per feed-forward block; x: the block's normalised input
#   y = W x + omega sum_{i in I} B_i A_i x   I drawn from q without replacement; the block's projections share it
#
# Source: ReMix, arXiv 2603.10160, section 3.1; docs/method.md. The pool is one stacked low-rank product, masked:
# ((x A_all^T) * gate) B_all^T, two dense products and no permutation; where a whole sequence shares its selection, only the
# selected LoRAs are multiplied at all. A plain LoRA is the pool of one, always on.
#
#   plan    [9] float64: routing (0 always on, 1 one subset a sequence, 2 one a position), N, K, R, omega,
#           whether gate, up and down projection carry LoRAs, and how much the policy counts in a selection (1, or 0: noise alone)
#   factors for each layer and each of its targets: A_all [N*R, D], B_all [O, N*R]
#   routers for each layer P [N, D]
#   noise   [M, L, B, N] or [M, L, B, T, N]; a size of 1 in place of B or T is broadcast
#   prompts [B] int64, lengths: what a sequence's one selection reads
#
# I stands for a site's inputs: M*B sequences, draws outermost, or those times T positions.


# What the routers read, without a graph: x itself, or its mean over the prompt
#   x [I, T, D], prompts [I] -> [I, D] or [I, T, D]
def site_input(x: Tensor, prompts: Tensor, plan: Tensor) -> Tensor:
  input = torch.detach(x)
  if torch.eq(int(plan[0]), 1):
    position = torch.arange(torch.size(x, 1), dtype=4, layout=None, device=x.device)
    length = torch.unsqueeze(prompts, -1)
    share = torch.div(torch.to(torch.lt(position, length), x.dtype), length)
    input = torch.squeeze(torch.matmul(torch.unsqueeze(share, 1), input), 1)
  return input


# A site's ordered selection: logits [I, ..., N], noise of the site [M, B, ..., N] -> [I, ..., K] int64
def select(logits: Tensor, noise: Tensor, plan: Tensor) -> Tensor:
  return __torch__.policy.draw(torch.mul(logits, float(plan[8])), torch.flatten(noise, 0, 1), int(plan[2]))


# The weights of the pool's ranks: gate [I, N] or [I, T, N] -> [I, 1, N*R] or [I, T, N*R]
def of_ranks(gate: Tensor, plan: Tensor) -> Tensor:
  ranks = torch.expand(torch.unsqueeze(gate, -1), [-1] * torch.dim(gate) + [int(plan[3])])
  wide = torch.flatten(ranks, -2)
  return torch.unsqueeze(wide, 1) if torch.eq(torch.dim(wide), 2) else wide


# One layer's factors out of all layers'
def of_layer(factors: List[Tensor], layer: int, plan: Tensor) -> List[Tensor]:
  count = 2 * (int(plan[5]) + int(plan[6]) + int(plan[7]))
  return torch.slice(factors, layer * count, (layer + 1) * count)


# What a sequence's one selection leaves of a layer's pool: each A_all as [I, K*R, D], each B_all as [I, O, K*R]. At K of N that
# is K/N of the masked product's work. Products with one-hot rows, because a gather's gradient adds in no fixed order on a GPU.
def drawn(factors: List[Tensor], selection: Tensor, plan: Tensor) -> List[Tensor]:
  n = int(plan[1])
  inputs = torch.size(selection, 0)
  ranks = int(plan[2]) * int(plan[3])
  one_hot = torch.to(torch.flatten(torch.one_hot(selection, n), 0, 1), factors[0].dtype)
  chosen = annotate(List[Tensor], [])
  for i in range(torch.floordiv(torch.len(factors), 2)):
    a = torch.reshape(factors[2 * i], [n, -1])
    b = torch.reshape(torch.transpose(factors[2 * i + 1], 0, 1), [n, -1])
    _0 = torch.append(chosen, torch.view(torch.matmul(one_hot, a), [inputs, ranks, -1]))
    _1 = torch.append(chosen, torch.transpose(torch.view(torch.matmul(one_hot, b), [inputs, ranks, -1]), 1, 2))
  return chosen


# x [I, T, D], a [ranks, D], b [O, ranks], both with or without an axis I, gate [I, 1 or T, ranks] -> [I, T, O]
def low_rank(x: Tensor, a: Tensor, b: Tensor, gate: Tensor) -> Tensor:
  inner = torch.mul(torch.matmul(x, torch.transpose(a, -2, -1)), gate)
  return torch.matmul(inner, torch.transpose(b, -2, -1))


# The feed-forward with its LoRAs, masked: h [I, T, D], its norm x, gate of the ranks -> h [I, T, D]
def feed_forward(h: Tensor, x: Tensor, gate: Tensor, layer: int, plan: Tensor, factors: List[Tensor], matrices: List[Tensor]) -> Tensor:
  return __torch__.mixture.blend(h, x, gate, layer, plan, __torch__.mixture.of_layer(factors, layer, plan), matrices)


# The same with the layer's own factors, which may be drawn ones
def blend(h: Tensor, x: Tensor, gate: Tensor, layer: int, plan: Tensor, factors: List[Tensor], matrices: List[Tensor]) -> Tensor:
  at = 5 + 7 * layer
  on = [int(plan[5]), int(plan[6]), int(plan[7])]
  a = 0
  input = torch.to(x, matrices[at].dtype)
  opened = torch.to(torch.linear(input, matrices[at]), h.dtype)
  if torch.eq(on[0], 1):
    opened = torch.add(opened, __torch__.mixture.low_rank(x, factors[a], factors[a + 1], gate))
  a = a + 2 * on[0]
  up = torch.to(torch.linear(input, matrices[at + 1]), h.dtype)
  if torch.eq(on[1], 1):
    up = torch.add(up, __torch__.mixture.low_rank(x, factors[a], factors[a + 1], gate))
  a = a + 2 * on[1]
  inner = torch.mul(torch.silu(opened), up)
  down = torch.to(__torch__.decoder.product(inner, matrices[at + 2]), h.dtype)
  if torch.eq(on[2], 1):
    down = torch.add(down, __torch__.mixture.low_rank(inner, factors[a], factors[a + 1], gate))
  return torch.add(h, down)


# The whole decoder with one LoRA that is always on: tokens [B, T] -> h [B, T - first, D]. Positions before `first` are wanted by
# nobody after the last attention, and go no further.
def plain_states(tokens: Tensor, first: int, plan: Tensor, factors: List[Tensor], matrices: List[Tensor], norms: List[Tensor], tables: Tensor, config: Tensor) -> Tensor:
  h = __torch__.decoder.embed(tokens, matrices, norms)
  gate = torch.to(plan[4], h.dtype, False, False, None)
  for layer in range(int(config[0])):
    h = __torch__.decoder.attend(h, layer, matrices, norms, tables, config)
    if torch.eq(layer + 1, int(config[0])):
      h = torch.slice(h, 1, first)
    x = __torch__.decoder.norm(h, norms[2 * layer + 1], config)
    h = __torch__.mixture.feed_forward(h, x, gate, layer, plan, factors, matrices)
  return h


# The whole decoder, M draws of every example in one pass; what lies before the first router is computed once.
# With one subset a sequence, positions that predict nothing but prompts go no further than the last router.
#   tokens [B, T] -> h [M*B, T or fewer, D], the last positions; per site logits [I, ..., N], selection [I, ..., K] and the applied gate [I, ..., N]
def routed_states(tokens: Tensor, prompts: Tensor, noise: Tensor, plan: Tensor, factors: List[Tensor], routers: List[Tensor], matrices: List[Tensor], norms: List[Tensor], tables: Tensor, config: Tensor) -> Tuple[Tensor, List[Tensor], List[Tensor], List[Tensor]]:
  logits = annotate(List[Tensor], [])
  selections = annotate(List[Tensor], [])
  gates = annotate(List[Tensor], [])
  m = torch.size(noise, 0)
  lengths = torch.repeat(prompts, [m])
  h = __torch__.decoder.embed(tokens, matrices, norms)
  for layer in range(int(config[0])):
    h = __torch__.decoder.attend(h, layer, matrices, norms, tables, config)
    if torch.eq(layer, 0):
      h = torch.repeat(h, [m, 1, 1])
    x = __torch__.decoder.norm(h, norms[2 * layer + 1], config)
    site = torch.linear(__torch__.mixture.site_input(x, lengths, plan), routers[layer])
    selection = __torch__.mixture.select(site, torch.select(noise, 1, layer), plan)
    gate = __torch__.policy.gate(site, selection, float(plan[4]))
    if torch.eq(int(plan[0]), 1):
      own = __torch__.mixture.drawn(__torch__.mixture.of_layer(factors, layer, plan), selection, plan)
      if torch.eq(layer + 1, int(config[0])):
        first = int(torch.min(prompts)) - 1
        h = torch.slice(h, 1, first)
        x = torch.slice(x, 1, first)
      weights = __torch__.mixture.of_ranks(torch.gather(gate, -1, selection), plan)
      h = __torch__.mixture.blend(h, x, weights, layer, plan, own, matrices)
    else:
      h = __torch__.mixture.feed_forward(h, x, __torch__.mixture.of_ranks(gate, plan), layer, plan, factors, matrices)
    _0 = torch.append(logits, site)
    _1 = torch.append(selections, selection)
    _2 = torch.append(gates, gate)
  return (h, logits, selections, gates)


# log Q of a whole network's selections, summed over the sites: [M, B] or [M, B, T]
def log_q(logits: List[Tensor], selections: List[Tensor], m: int) -> Tensor:
  sites = __torch__.policy.log_q(torch.stack(logits), torch.stack(selections))
  return torch.unflatten(torch.sum(sites, [0]), 0, [m, -1])


# Which inputs are real: [I] bool, from the targets [B, T+1]. A position is real up to the last learnt token, which ends an example.
def real(targets: Tensor, m: int, plan: Tensor) -> Tensor:
  learnt = torch.slice(targets, 1, 1)
  ahead = torch.gt(torch.flip(torch.cumsum(torch.flip(learnt, [-1]), -1), [-1]), 0)
  if torch.eq(int(plan[0]), 1):
    ahead = torch.any(ahead, -1)
  return torch.repeat(torch.flatten(ahead), [m])


# [L, I, ...] with positions among the inputs
def table(sites: List[Tensor]) -> Tensor:
  all = torch.stack(sites)
  return torch.flatten(all, 1, -2)
