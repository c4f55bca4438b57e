# A routed toy, small enough to enumerate: two sites, the second reading what the first selected, and a table with the loss at
# each position for every subset that was selected at it or before. Either each of the T positions selects, or an example selects
# once, from the mean of its inputs, for all of them.
#
# Letters as in policy.py; U = T, or 1 where an example selects once. S repetitions of one step of G examples run side by side,
# each with its own copy of the routers, so that one call gives S independent gradients: for the functions that training uses
# they are one batch of B = S G examples. C is the number of the table's entries for a position.
class Toy(NamedTuple):
  inputs : Tensor
  mixing : Tensor
  table : Tensor
  supervised : Tensor
  codes : Tensor


# What the draws that the noise makes gave: nats [M, S'] at the batch's rows, log Q and log Q without the remaining mass [M, I]
class Played(NamedTuple):
  nats : Tensor
  weights : Tensor
  log_q : Tensor
  without_mass : Tensor
  batch : __torch__.batch.Batch
  plan : __torch__.mixture.Plan


# inputs [G, T, D], mixing [N, D], table [G, T, C], supervised [G, T], codes [L, U, N] int64
def of(toy: List[Tensor]) -> __torch__.toy.Toy:
  return __torch__.toy.Toy(toy[0], toy[1], toy[2], toy[3], toy[4])


def plan(toy: __torch__.toy.Toy, k: int, by_example: bool) -> __torch__.mixture.Plan:
  none = annotate(List[int], [])
  return __torch__.mixture.Plan(1, by_example, torch.size(toy.mixing, 0), k, 1, 1., 1., False, False, False, False, 0., 0., 0, 1, none, none)


# The loss of an example is the mean over its supervised positions, that of a step the mean over its examples: [G, T]
def weights(toy: __torch__.toy.Toy) -> Tensor:
  count = torch.sum(toy.supervised, [-1], True)
  return torch.div(toy.supervised, torch.mul(count, float(torch.size(toy.supervised, 0))))


def batch(toy: __torch__.toy.Toy, steps: int) -> __torch__.batch.Batch:
  length = torch.size(toy.inputs, 1)
  examples = steps * torch.size(toy.inputs, 0)
  positions = torch.repeat(torch.arange(length, dtype=4), [examples])
  example = torch.repeat_interleave(torch.arange(examples, dtype=4), length)
  weights = torch.flatten(torch.repeat(__torch__.toy.weights(toy), [steps, 1]))
  prompt = torch.full([examples * length], 1. / float(length))
  rows = torch.squeeze(torch.nonzero(weights), 1)
  return __torch__.batch.Batch(positions, positions, positions, example, weights, prompt, rows, [examples], [length], examples, length)


# Every option off, or the one for normalised advantages on
def options(normalise: bool) -> __torch__.objective.Options:
  return __torch__.objective.Options(1., False, False, normalise, 0., 0.)


#   routers [S, L, N, D], noise [M, L, S, G, U, N], settings [2] int64: K, and 1 where an example selects once
def play(routers: Tensor, toy: __torch__.toy.Toy, noise: Tensor, settings: Tensor) -> __torch__.toy.Played:
  plan = __torch__.toy.plan(toy, int(settings[0]), torch.ne(int(settings[1]), 0))
  m, s, g = torch.size(noise, 0), torch.size(noise, 2), torch.size(noise, 3)
  u, n = torch.size(noise, 4), torch.size(noise, 5)
  inputs = torch.mean(toy.inputs, [1], True) if plan.by_example else toy.inputs
  hidden = torch.expand(inputs, [m, s, -1, -1, -1])
  log_q = torch.zeros([m, s, g, u])
  without_mass = torch.zeros([m, s, g, u])
  code = torch.zeros([m, s, g, u], dtype=4)
  for l in range(torch.size(noise, 1)):
    router = torch.transpose(torch.select(routers, 1, l), -1, -2)
    logits = torch.reshape(torch.matmul(torch.reshape(hidden, [m, s, g * u, -1]), router), [m, s, g, u, n])
    selection = __torch__.policy.draw(logits, torch.select(noise, 1, l), plan.active)
    gate = __torch__.policy.gate(logits, selection, 1.)
    log_q = torch.add(log_q, __torch__.policy.log_q(logits, selection))
    without_mass = torch.add(without_mass, torch.sum(torch.gather(torch.log_softmax(logits, -1), -1, selection), [-1]))
    code = torch.add(code, torch.sum(torch.mul(torch.to(gate, 4), torch.select(toy.codes, 0, l)), [-1]))
    hidden = torch.add(hidden, torch.cumsum(torch.matmul(gate, toy.mixing), -2))
  t = torch.size(toy.inputs, 1)
  place = torch.reshape(torch.arange(g * t, dtype=4), [g, t])
  entry = torch.add(torch.mul(place, torch.size(toy.table, -1)), torch.cumsum(code, -1))
  batch = __torch__.toy.batch(toy, s)
  nats = torch.index_select(torch.reshape(torch.take(toy.table, entry), [m, -1]), 1, batch.rows)
  weights = __torch__.objective.row_weights(nats, batch, __torch__.toy.options(False))
  return __torch__.toy.Played(nats, weights, torch.reshape(log_q, [m, -1]), torch.reshape(without_mass, [m, -1]), batch, plan)


# What each selection answers for, as training has it: [M, I]
def losses(played: __torch__.toy.Played) -> Tensor:
  shares = torch.mul(played.nats, played.weights)
  if played.plan.by_example:
    found = __torch__.batch.sums(shares, played.batch)
  else:
    found = __torch__.batch.to_go(shares, played.batch)
  return found


# The gradient of the scalar whose log Q are multiplied by these coefficients: [S, L, N, D]
def gradient(coefficients: Tensor, log_q: Tensor, routers: Tensor) -> Tensor:
  scalar = torch.sum(torch.mul(coefficients, log_q))
  return unchecked_cast(Tensor, (torch.autograd.grad([scalar], [routers]))[0])


def leaf(x: Tensor) -> Tensor:
  return torch.requires_grad_(torch.detach(x), True)
