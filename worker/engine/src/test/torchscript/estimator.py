# Estimators of the toy's router gradient, [S, L, N, D]: the two that training uses, others that are right but noisier, and
# others that are wrong.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def sequence(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, k: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    shares, log_q, _0 = __torch__.toy.play(leaf, toy, noise, int(k))
    weights = __torch__.toy.weights(shares, toy)
    surrogate = __torch__.policy.surrogate_sequence(torch.sum(shares, [-1]), torch.sum(log_q, [-1]), weights)
    return __torch__.toy.gradient(surrogate, leaf)

  def token(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, k: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    shares, log_q, _0 = __torch__.toy.play(leaf, toy, noise, int(k))
    surrogate = __torch__.policy.surrogate_token(shares, log_q, __torch__.toy.weights(shares, toy))
    return __torch__.toy.gradient(surrogate, leaf)

  # Right, noisier: every draw answers for the whole sequence.
  def whole_reward(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, k: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    shares, log_q, _0 = __torch__.toy.play(leaf, toy, noise, int(k))
    advantages = __torch__.policy.advantages(torch.sum(shares, [-1], True))
    return __torch__.toy.gradient(__torch__.toy.scalar(advantages, log_q, __torch__.toy.weights(shares, toy)), leaf)

  # Right, noisier: every draw answers for the whole batch.
  def pooled_reward(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, k: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    shares, log_q, _0 = __torch__.toy.play(leaf, toy, noise, int(k))
    examples = torch.size(toy[0], 0)
    steps = torch.reshape(shares, [torch.size(shares, 0), -1, examples, torch.size(shares, 2)])
    pooled = torch.repeat_interleave(torch.sum(steps, [2]), examples, 1)
    advantages = __torch__.policy.advantages(__torch__.policy.reward_to_go(pooled))
    return __torch__.toy.gradient(__torch__.toy.scalar(advantages, log_q, __torch__.toy.weights(shares, toy)), leaf)

  # Wrong: the baseline holds the draw's own loss, and nothing makes up for it.
  def own_baseline(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, k: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    shares, log_q, _0 = __torch__.toy.play(leaf, toy, noise, int(k))
    rewards = __torch__.policy.reward_to_go(shares)
    advantages = torch.sub(rewards, torch.mean(rewards, [0], True))
    return __torch__.toy.gradient(__torch__.toy.scalar(advantages, log_q, __torch__.toy.weights(shares, toy)), leaf)

  # Wrong: log Q of a draw with replacement.
  def remaining_mass_left_out(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, k: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    shares, _0, without_mass = __torch__.toy.play(leaf, toy, noise, int(k))
    surrogate = __torch__.policy.surrogate_token(shares, without_mass, __torch__.toy.weights(shares, toy))
    return __torch__.toy.gradient(surrogate, leaf)

  # Wrong: each example's advantages scaled to deviation 1.
  def normalised_advantages(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, k: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    shares, log_q, _0 = __torch__.toy.play(leaf, toy, noise, int(k))
    rewards = __torch__.policy.reward_to_go(shares)
    deviation = torch.add(torch.std(rewards, [0], True), 1e-6)
    advantages = torch.div(__torch__.policy.advantages(rewards), deviation)
    return __torch__.toy.gradient(__torch__.toy.scalar(advantages, log_q, __torch__.toy.weights(shares, toy)), leaf)

  # Wrong: as if a loss stood at its label's place, so that no draw answers for the prediction made where it acts.
  def reward_after(self: __torch__.M, routers: Tensor, toy: List[Tensor], noise: Tensor, k: Tensor) -> Tensor:
    leaf = __torch__.toy.leaf(routers)
    shares, log_q, _0 = __torch__.toy.play(leaf, toy, noise, int(k))
    advantages = __torch__.policy.advantages(torch.sub(__torch__.policy.reward_to_go(shares), shares))
    return __torch__.toy.gradient(__torch__.toy.scalar(advantages, log_q, __torch__.toy.weights(shares, toy)), leaf)
