# Examples as one flat run of positions: nothing is padded, so every product has real tokens only.
#
#   P positions of B examples, sorted by length; a position stands for a token that is read and the next one that is predicted.
#   Examples of one length lie together: a group [count, length] of them is a dense block, in which attention is plainly causal
#   and no document sees another.
#
#   tokens, labels, positions, example   [P] int64: read, predicted, place in the example, index of the example
#   weights                              [P]: the label's weight in the loss, 0 where nothing is learnt
#   prompt                               [P]: 1/length at positions of the prompt, 0 behind it, so that a sum is the prompt's mean
#   rows                                 [S] int64: the positions whose weight is not 0
#   groups                               on the CPU, [2 G] int64: count and length of each group, in turn
class Batch(NamedTuple):
  tokens : Tensor
  labels : Tensor
  positions : Tensor
  example : Tensor
  weights : Tensor
  prompt : Tensor
  rows : Tensor
  counts : List[int]
  lengths : List[int]
  examples : int
  longest : int


def of(tokens: Tensor, labels: Tensor, positions: Tensor, example: Tensor, weights: Tensor, prompt: Tensor, rows: Tensor, groups: Tensor) -> __torch__.batch.Batch:
  counts = annotate(List[int], [])
  lengths = annotate(List[int], [])
  examples = 0
  longest = 0
  for g in range(torch.floordiv(torch.len(groups), 2)):
    count = int(groups[2 * g])
    length = int(groups[2 * g + 1])
    _0 = torch.append(counts, count)
    _1 = torch.append(lengths, length)
    examples = examples + count
    if length > longest:
      longest = length
  return __torch__.batch.Batch(tokens, labels, positions, example, weights, prompt, rows, counts, lengths, examples, longest)


# Positions of each group
def sizes(batch: __torch__.batch.Batch) -> List[int]:
  found = annotate(List[int], [])
  for g in range(torch.len(batch.counts)):
    _0 = torch.append(found, batch.counts[g] * batch.lengths[g])
  return found


# The learnt positions alone, for what treats each position by itself: they make no dense blocks
def of_rows(batch: __torch__.batch.Batch) -> __torch__.batch.Batch:
  none = annotate(List[int], [])
  example = torch.index_select(batch.example, 0, batch.rows)
  return __torch__.batch.Batch(batch.tokens, batch.labels, batch.positions, example, batch.weights, batch.prompt, batch.rows, none, none, batch.examples, batch.longest)


# The mean of x over each example's prompt: x [M, P, D] -> [M, B, D]
def prompt_mean(x: Tensor, batch: __torch__.batch.Batch) -> Tensor:
  empty = torch.zeros([batch.examples, torch.size(x, 1)], dtype=x.dtype, layout=None, device=x.device)
  share = torch.scatter(empty, 0, torch.unsqueeze(batch.example, 0), torch.unsqueeze(torch.to(batch.prompt, x.dtype), 0))
  return torch.matmul(share, x)


# What each example has at its positions: x [M, B, N] -> [M, P, N]
def at_positions(x: Tensor, batch: __torch__.batch.Batch) -> Tensor:
  return torch.index_select(x, 1, batch.example)


# Sums over each example's rows: values [M, S] -> [M, B]
def sums(values: Tensor, batch: __torch__.batch.Batch) -> Tensor:
  zeros = torch.zeros([torch.size(values, 0), batch.examples], dtype=values.dtype, layout=None, device=values.device)
  return torch.index_add(zeros, 1, torch.index_select(batch.example, 0, batch.rows), values)


# For each position the sum of the values at it and behind it in its own example, exactly 0 behind the last row.
#   values [M, S] at the rows -> [M, P]
def to_go(values: Tensor, batch: __torch__.batch.Batch) -> Tensor:
  cells = torch.add(torch.mul(batch.example, batch.longest), batch.positions)
  m = torch.size(values, 0)
  padded = torch.zeros([m, batch.examples * batch.longest], dtype=values.dtype, layout=None, device=values.device)
  filled = torch.index_copy(padded, 1, torch.index_select(cells, 0, batch.rows), values)
  table = torch.view(filled, [m, batch.examples, batch.longest])
  sums = torch.flip(torch.cumsum(torch.flip(table, [-1]), -1), [-1])
  return torch.index_select(torch.flatten(sums, 1), 1, cells)
