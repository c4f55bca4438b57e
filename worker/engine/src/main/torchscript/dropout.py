# Dropout on the input of a low-rank product. A mask is a function of (seed, step, example, position, layer, projection, channel)
# and of nothing else: the M draws share it, a recomputed layer and a resumed run find it again, and it doesn't matter how a step
# is cut into micro-batches. Of a random number for the position and one for the channel the upper half of the product decides
# (multiply-shift hashing, Dietzfelbinger et al. 1997).


# A random odd number for each channel, by SplitMix64's finisher: [D] int64
def channels(d: int, target: int, layer: int, like: Tensor) -> Tensor:
  z = torch.mul(torch.add(torch.arange(d, dtype=4, layout=None, device=like.device), 1048576 * (7 * layer + target) + 1), -7046029254386353131)
  z = torch.mul(torch.bitwise_xor(z, torch.bitwise_right_shift(z, 30)), -4658895280553007687)
  z = torch.mul(torch.bitwise_xor(z, torch.bitwise_right_shift(z, 27)), -7723592293110705685)
  return torch.bitwise_or(z, 1)


# keys [P] int64, x [M or 1, P, D] -> the same with a share of its numbers at 0 and the others scaled up
def dropped(x: Tensor, keys: Tensor, share: float, target: int, layer: int) -> Tensor:
  product = torch.mul(torch.unsqueeze(keys, -1), torch.unsqueeze(__torch__.dropout.channels(torch.size(x, -1), target, layer, x), 0))
  number = torch.bitwise_and(torch.bitwise_right_shift(product, 40), 16777215)
  kept = torch.to(torch.ge(number, int(share * 16777216.)), x.dtype)
  return torch.mul(x, torch.div(kept, 1. - share))
