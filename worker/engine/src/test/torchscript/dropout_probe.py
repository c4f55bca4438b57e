# What dropout makes of an input, for its statistics.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # place: projection and layer
  def dropped(self: __torch__.M, x: Tensor, keys: Tensor, share: Tensor, place: Tensor) -> Tensor:
    return __torch__.dropout.dropped(x, keys, float(share), int(place[0]), int(place[1]))
