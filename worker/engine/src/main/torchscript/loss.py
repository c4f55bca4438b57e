# Next-token cross entropy through the head, a chunk of rows at a time: the logits of a whole batch never exist.
#
# Letters: M draws, S rows (the positions that are learnt), V vocabulary.


# Logits in memory at once; a few copies of a chunk exist while its gradient is made.
def rows_at_once(model: __torch__.decoder.Model) -> int:
  rows = torch.floordiv(4194304, torch.size(__torch__.decoder.head(model), 0))
  return rows if rows > 64 else 64


# Nats of labels: h [R, D], labels [R] -> [R]
def nats(h: Tensor, labels: Tensor, model: __torch__.decoder.Model) -> Tensor:
  log_p = torch.log_softmax(__torch__.decoder.logits(h, model), -1)
  return torch.neg(torch.squeeze(torch.gather(log_p, -1, torch.unsqueeze(labels, -1)), -1))


# Nats of every row, without a graph: h [M, S, D] -> [M, S]
def at_rows(h: Tensor, batch: __torch__.batch.Batch, model: __torch__.decoder.Model) -> Tensor:
  m = torch.size(h, 0)
  labels = torch.repeat(torch.index_select(batch.labels, 0, batch.rows), [m])
  size = __torch__.loss.rows_at_once(model)
  states = torch.split(torch.flatten(torch.detach(h), 0, 1), size, 0)
  targets = torch.split(labels, size, 0)
  found = annotate(List[Tensor], [])
  for i in range(torch.len(states)):
    _0 = torch.append(found, torch.detach(__torch__.loss.nats(states[i], targets[i], model)))
  return torch.view(torch.cat(found), [m, -1])


# Nats of every row [M, S]; and the gradient of sum(weights * nats), weights [S], with respect to h [M, S, D] and then to each of
# `trained`, which are tensors of the model: the final gain and the head, or none.
def with_gradient(h: Tensor, weights: Tensor, batch: __torch__.batch.Batch, model: __torch__.decoder.Model, trained: List[Tensor]) -> Tuple[Tensor, Tensor, List[Tensor]]:
  m = torch.size(h, 0)
  labels = torch.repeat(torch.index_select(batch.labels, 0, batch.rows), [m])
  size = __torch__.loss.rows_at_once(model)
  states = torch.split(torch.flatten(torch.detach(h), 0, 1), size, 0)
  targets = torch.split(labels, size, 0)
  shares = torch.split(torch.repeat(weights, [m]), size, 0)
  all_nats = annotate(List[Tensor], [])
  of_h = annotate(List[Tensor], [])
  of_trained = annotate(List[Tensor], [])
  for parameter in trained:
    _0 = torch.append(of_trained, torch.zeros_like(torch.detach(parameter)))
  for i in range(torch.len(states)):
    x = torch.requires_grad_(torch.detach(states[i]), True)
    nats = __torch__.loss.nats(x, targets[i], model)
    leaves = torch.add([x], trained)
    found = torch.autograd.grad([torch.sum(torch.mul(nats, shares[i]))], leaves)
    _1 = torch.append(all_nats, torch.detach(nats))
    _2 = torch.append(of_h, unchecked_cast(Tensor, found[0]))
    for j in range(torch.len(trained)):
      _3 = torch.add_(of_trained[j], unchecked_cast(Tensor, found[j + 1]))
  return (torch.view(torch.cat(all_nats), [m, -1]), torch.view(torch.cat(of_h), torch.size(h)), of_trained)
