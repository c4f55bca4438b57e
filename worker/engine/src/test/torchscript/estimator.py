# Estimators of the toy's router gradient, [S, L, N, D]: the one that training uses, others that are right but noisier, and
# others that are wrong.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def trained(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, settings: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    played = __torch__.toy.play(leaf, __torch__.toy.of(toy), noise, settings)
    coefficients = __torch__.objective.reinforcement(played.nats, played.weights, played.batch, played.plan, __torch__.toy.options(False))
    return __torch__.toy.gradient(coefficients, played.log_q, leaf)

  # Right, noisier: every draw answers for the whole example.
  def whole_reward(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, settings: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    played = __torch__.toy.play(leaf, __torch__.toy.of(toy), noise, settings)
    losses = __torch__.batch.sums(torch.mul(played.nats, played.weights), played.batch)
    rewards = torch.index_select(losses, 1, played.batch.example)
    coefficients = torch.div(__torch__.policy.advantages(rewards), torch.size(played.nats, 0))
    return __torch__.toy.gradient(coefficients, played.log_q, leaf)

  # Right, noisier: every draw answers for its whole step.
  def pooled_reward(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, settings: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    played = __torch__.toy.play(leaf, __torch__.toy.of(toy), noise, settings)
    losses = torch.reshape(__torch__.toy.losses(played), [torch.size(noise, 0), torch.size(noise, 2), torch.size(noise, 3), -1])
    pooled = torch.flatten(torch.expand_as(torch.sum(losses, [2], True), losses), 1)
    coefficients = torch.div(__torch__.policy.advantages(pooled), torch.size(played.nats, 0))
    return __torch__.toy.gradient(coefficients, played.log_q, leaf)

  # Wrong: the baseline holds the draw's own loss, and nothing makes up for it.
  def own_baseline(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, settings: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    played = __torch__.toy.play(leaf, __torch__.toy.of(toy), noise, settings)
    losses = __torch__.toy.losses(played)
    coefficients = torch.div(torch.sub(losses, torch.mean(losses, [0], True)), torch.size(played.nats, 0))
    return __torch__.toy.gradient(coefficients, played.log_q, leaf)

  # Wrong: log Q of a draw with replacement.
  def remaining_mass_left_out(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, settings: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    played = __torch__.toy.play(leaf, __torch__.toy.of(toy), noise, settings)
    coefficients = __torch__.objective.reinforcement(played.nats, played.weights, played.batch, played.plan, __torch__.toy.options(False))
    return __torch__.toy.gradient(coefficients, played.without_mass, leaf)

  # Wrong, and an option of training all the same: each input's advantages scaled to deviation 1.
  def normalised_advantages(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, settings: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    played = __torch__.toy.play(leaf, __torch__.toy.of(toy), noise, settings)
    coefficients = __torch__.objective.reinforcement(played.nats, played.weights, played.batch, played.plan, __torch__.toy.options(True))
    return __torch__.toy.gradient(coefficients, played.log_q, leaf)

  # Wrong: as if a loss stood at its label's place, so that no draw answers for the prediction made where it acts.
  def reward_after(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, settings: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    played = __torch__.toy.play(leaf, __torch__.toy.of(toy), noise, settings)
    shares = torch.mul(played.nats, played.weights)
    rewards = __torch__.batch.to_go(shares, played.batch)
    here = torch.index_copy(torch.zeros_like(rewards), 1, played.batch.rows, shares)
    coefficients = torch.div(__torch__.policy.advantages(torch.sub(rewards, here)), torch.size(played.nats, 0))
    return __torch__.toy.gradient(coefficients, played.log_q, leaf)
