# The routing policy: how a site's LoRAs are drawn, how probable a draw was, and the scalar whose gradient trains the router.
#
#   q       = softmax(logits)
#   log Q   = sum_j [ log q_{i_j} - log(1 - sum_{j' < j} q_{i_j'}) ]        an ordered draw without replacement
#   A_m     = L_m - mean of the other draws' L = M/(M-1) (L_m - mean L)     leave-one-out, per example
#   scalar  = sum_b w_b mean_m [ L_mb + stopgrad(A_mb) log Q_mb ]
#
# Source: ReMix, arXiv 2603.10160. What is left out, and why: docs/method.md.
#
# Normalisation. The scalar's gradient with respect to a router is unbiased for the gradient of
#
#   J = sum_b w_b E[ L_b ],    L_b = mean of the loss, in nats, over b's supervised tokens,
#
# and with respect to everything else it is the mean over the draws of the losses' gradients. The weights depend on the data
# only and sum to 1 over an optimizer step: 1/B makes J the mean over examples, an example's share of the step's supervised
# tokens makes it the mean over tokens. No other factor is left to the caller.
#
# Place of a loss. A token's loss stands at the position that PREDICTS the token: index t holds the loss of the token at t+1.
# The routing of positions up to t, and no other, can change it; so the draw at t answers for the losses at t and after.
#
# Letters: B examples, T positions, N LoRAs, K active, M draws, L sites, I inputs of a site (M*B, or M*B*T); `...` any leading
# axes. float32 and float64 alike. Logits come from a detached site input, since the estimator is for the router alone.


# The ordered draw: index j holds the LoRA drawn at place j. Perturbed by standard Gumbel noise, the largest K in descending
# order follow Q exactly.
#   logits [..., N], noise [..., N] -> [..., K] int64
def draw(logits: Tensor, noise: Tensor, k: int) -> Tensor:
  return (torch.topk(torch.add(torch.detach(logits), noise), k, -1, True, True))[1]


# Evaluation's selection: the K most probable.
#   logits [..., N] -> [..., K] int64
def top(logits: Tensor, k: int) -> Tensor:
  return (torch.topk(torch.detach(logits), k, -1, True, True))[1]


# The constant weights: omega for a selected LoRA, 0 for the others. Of the logits' type, without a graph.
#   logits [..., N], selection [..., K] -> [..., N]
def gate(logits: Tensor, selection: Tensor, omega: float) -> Tensor:
  return torch.scatter(torch.zeros_like(torch.detach(logits)), -1, selection, omega)


# Learned weights, for the kinds that have them: a softmax over the selected alone, 0 for the others, with a graph.
#   logits [..., N], selection [..., K] -> [..., N]
def soft(logits: Tensor, selection: Tensor) -> Tensor:
  off = torch.scatter(torch.ones_like(torch.detach(logits)), -1, selection, 0.)
  return torch.softmax(torch.masked_fill(logits, torch.gt(off, 0.), -inf), -1)


# log Q of an ordered selection. Place j's conditional is a softmax over the LoRAs not yet taken, so the remaining mass is a
# log-sum-exp over those: nothing is subtracted from 1, and a saturated policy stays finite.
#   logits [..., N], selection [..., K] -> [...]
def log_q(logits: Tensor, selection: Tensor) -> Tensor:
  chosen = torch.one_hot(selection, torch.size(logits, -1))
  taken = torch.gt(torch.sub(torch.cumsum(chosen, -2), chosen), 0)
  remaining = torch.logsumexp(torch.masked_fill(torch.unsqueeze(logits, -2), taken, -inf), [-1])
  return torch.sum(torch.sub(torch.gather(logits, -1, selection), remaining), [-1])


# What a draw cost beyond the mean of the other draws of the same example (and position). Without a graph.
#   losses [M, ...], M >= 2 -> [M, ...]
def advantages(losses: Tensor) -> Tensor:
  m = torch.size(losses, 0)
  detached = torch.detach(losses)
  return torch.mul(torch.sub(detached, torch.mean(detached, [0], True)), float(m) / float(m - 1))


# Advantages over their own deviation per input: the option that some take for steadiness; biased, in direction too.
#   advantages [M, I] of losses weighted by weights [I] -> [M, I]
def normalised(advantages: Tensor, weights: Tensor) -> Tensor:
  deviation = torch.sqrt(torch.mean(torch.square(advantages), [0], True))
  return torch.mul(torch.div(advantages, torch.clamp_min(deviation, 1e-12)), weights)


# Options beside the paper: minus a bonus for the policy's entropy, plus the divergence of the policy from uniform, KL(uniform, q),
# in nats: logits [M, I, N], weights [I] -> []
def regularizer(logits: Tensor, weights: Tensor, entropy: float, uniform: float) -> Tensor:
  log_q = torch.log_softmax(logits, -1)
  of_entropy = torch.sum(torch.mul(torch.exp(log_q), log_q), [-1])
  of_uniform = torch.neg(torch.add(torch.mean(log_q, [-1]), float(torch.log(torch.size(logits, -1)))))
  each = torch.add(torch.mul(of_entropy, entropy), torch.mul(of_uniform, uniform))
  return torch.sum(torch.mul(torch.mean(each, [0]), weights))


# The load-balance loss of the learned kinds: c N sum_e f_e p_e, f the share of the inputs that selected e (over K, so that it sums
# to 1), p the mean probability. Of this call's inputs: logits [M, I, N], selection [M, I, K] -> []
def balance(logits: Tensor, selection: Tensor, c: float) -> Tensor:
  n = torch.size(logits, -1)
  p = torch.mean(torch.flatten(torch.softmax(logits, -1), 0, -2), [0])
  f = torch.mean(torch.to(torch.flatten(torch.one_hot(selection, n), 0, -2), p.dtype), [0])
  return torch.mul(torch.sum(torch.mul(f, p)), c * float(n))


# Probability that an unordered draw is the top-K set. With exponential clocks of rates q the set is drawn when all its clocks
# ring before any other's (rate w): the integral over u = w t of e^-u prod_i (1 - e^(-q_i u / w)), by the trapezoid rule in log u.
# That is good to 1e-6, positive, and linear in K where the sum over orders has K! terms.
#   log_q [..., N] -> [...]
def top_mass(log_q: Tensor, k: int) -> Tensor:
  ranked = torch.exp((torch.sort(log_q, -1, True))[0])
  n = torch.size(log_q, -1)
  others = torch.clamp_min(torch.sum(torch.slice(ranked, -1, k, n), [-1], True), 1e-300)
  u = torch.exp(torch.add(torch.mul(torch.arange(40, dtype=7, device=log_q.device), 0.5), -16.))
  mass = torch.mul(torch.mul(u, torch.exp(torch.neg(u))), 0.5)
  for j in range(k):
    rate = torch.div(torch.slice(ranked, -1, j, j + 1), others)
    mass = torch.mul(mass, torch.neg(torch.expm1(torch.neg(torch.mul(rate, u)))))
  return torch.sum(mass, [-1])


# At most 2,048 of the inputs, evenly spaced over all of them: [L, I, N] -> [L, I or 2048, N]
def spaced(x: Tensor) -> Tensor:
  inputs = torch.size(x, 1)
  found = x
  if inputs > 2048:
    at = torch.floor_divide(torch.mul(torch.arange(2048, dtype=4, layout=None, device=x.device), inputs), 2048)
    found = torch.index_select(x, 1, at)
  return found


# Routing balance that needs the tensors, reduced over the inputs: effective LoRAs of the applied gate (lowest, highest),
# effective LoRAs of the policy, its entropy in nats, and top-K mass (means). float64, in which K equal weights give K exactly.
# Top-K mass, which takes 40 numbers an input, is the mean over the spaced inputs.
#   logits [L, I, N], gate [L, I, N] as applied -> [L, 5]
def figures(logits: Tensor, gate: Tensor, k: int) -> Tensor:
  log_q = torch.log_softmax(torch.to(torch.detach(logits), 7), -1)
  applied = torch.abs(torch.to(torch.detach(gate), 7))
  total = torch.sum(applied, [-1])
  effective = torch.div(torch.mul(total, total), torch.sum(torch.square(applied), [-1]))
  policy = torch.reciprocal(torch.sum(torch.exp(torch.mul(log_q, 2.)), [-1]))
  entropy = torch.neg(torch.sum(torch.mul(torch.exp(log_q), log_q), [-1]))
  mass = __torch__.policy.top_mass(__torch__.policy.spaced(log_q), k)
  return torch.stack([torch.amin(effective, [-1]), torch.amax(effective, [-1]), torch.mean(policy, [-1]), torch.mean(entropy, [-1]), torch.mean(mass, [-1])], -1)


# The different rows and how often each occurs, as numbers to the base n: sorting those is forty times faster than sorting rows.
#   rows [I, W] int64 of digits; the first may exceed n, as long as the number fits int64 -> [U, W], [U]
def counted(rows: Tensor, n: int) -> Tuple[Tensor, Tensor]:
  number = torch.select(rows, -1, 0)
  for digit in range(1, torch.size(rows, -1)):
    number = torch.add(torch.mul(number, n), torch.select(rows, -1, digit))
  left, _0, counts = torch._unique2(number, True, False, True)
  digits = annotate(List[Tensor], [])
  for digit in range(1, torch.size(rows, -1)):
    _1 = torch.append(digits, torch.remainder(left, n))
    left = torch.floor_divide(left, n)
  _2 = torch.append(digits, left)
  return (torch.flip(torch.stack(digits, -1), [-1]), counts)


# The different subsets that each site selected, counted: rows of (site, K members ascending, count).
#   selection [L, I, K] int64, n the pool's size -> [U, K+2] int64
def subsets(selection: Tensor, n: int) -> Tensor:
  members = (torch.sort(selection, -1))[0]
  sites, inputs, k = torch.size(members, 0), torch.size(members, 1), torch.size(members, 2)
  site = torch.expand(torch.view(torch.arange(sites, dtype=4, device=members.device), [-1, 1, 1]), [-1, inputs, -1])
  rows = torch.view(torch.cat([site, members], -1), [-1, k + 1])
  if float(sites) * float(n) ** float(k) < 9e18:
    unique, counts = __torch__.policy.counted(rows, n)
  else:
    unique, _0, counts = torch.unique_dim(rows, 0, True, False, True)
  return torch.cat([unique, torch.unsqueeze(counts, -1)], -1)
