# A routed toy, small enough to enumerate: two sites over T positions, the second reading what the first selected, and a table
# with the loss at each position for every subset that was selected at it or before. One selection for the whole sequence is
# the case T = 1.
#
# Letters as in policy.py. S repetitions of one step of G examples run side by side, each with its own copy of the routers, so
# that one call gives S independent gradients; the batch is B = S*G, and C is the number of the table's entries for a position.


# The parts of the losses, log Q, and log Q without the remaining mass, of the draws that the noise makes.
#   routers [S, L, N, D]; toy: inputs [G, T, D], mixing [N, D], table [G, T, C], supervised [G, T], codes [L, T, N] int64;
#   noise [M, L, S, G, T, N] -> three of [M, B, T]
def play(routers: Tensor, toy: List[Tensor], noise: Tensor, k: int) -> Tuple[Tensor, Tensor, Tensor]:
  inputs, mixing, table, supervised, codes = toy[0], toy[1], toy[2], toy[3], toy[4]
  m, s, n = torch.size(noise, 0), torch.size(noise, 2), torch.size(noise, 5)
  g, t = torch.size(noise, 3), torch.size(noise, 4)
  hidden = torch.expand(inputs, [m, s, -1, -1, -1])
  log_q = torch.zeros([m, s, g, t])
  without_mass = torch.zeros([m, s, g, t])
  code = torch.zeros([m, s, g, t], dtype=4)
  for l in range(torch.size(noise, 1)):
    router = torch.transpose(torch.select(routers, 1, l), -1, -2)
    logits = torch.reshape(torch.matmul(torch.reshape(hidden, [m, s, g * t, -1]), router), [m, s, g, t, n])
    selection = __torch__.policy.draw(logits, torch.select(noise, 1, l), k)
    gate = __torch__.policy.gate(logits, selection, 1.)
    log_q = torch.add(log_q, __torch__.policy.log_q(logits, selection))
    without_mass = torch.add(without_mass, torch.sum(torch.gather(torch.log_softmax(logits, -1), -1, selection), [-1]))
    code = torch.add(code, torch.sum(torch.mul(torch.to(gate, 4), torch.select(codes, 0, l)), [-1]))
    hidden = torch.add(hidden, torch.cumsum(torch.matmul(gate, mixing), -2))
  place = torch.reshape(torch.arange(g * t, dtype=4), [g, t])
  entry = torch.add(torch.mul(place, torch.size(table, -1)), torch.cumsum(code, -1))
  losses = torch.reshape(torch.take(table, entry), [m, s * g, t])
  shares = __torch__.policy.shares(losses, torch.repeat(supervised, [s, 1]))
  return (shares, torch.reshape(log_q, [m, s * g, t]), torch.reshape(without_mass, [m, s * g, t]))


# 1/G for each example: every repetition is a step of its own.
def weights(shares: Tensor, toy: List[Tensor]) -> Tensor:
  return torch.full([torch.size(shares, 1)], 1. / float(torch.size(toy[0], 0)))


# What the right scalars come down to when the losses have no graph, for advantages that are made otherwise.
def scalar(advantages: Tensor, log_q: Tensor, weights: Tensor) -> Tensor:
  return torch.sum(torch.mul(torch.mean(torch.sum(torch.mul(advantages, log_q), [-1]), [0]), weights))


def gradient(scalar: Tensor, routers: Tensor) -> Tensor:
  return unchecked_cast(Tensor, (torch.autograd.grad([scalar], [routers]))[0])


def leaf(x: Tensor) -> Tensor:
  return torch.requires_grad_(torch.detach(x), True)
