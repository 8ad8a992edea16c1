"""Layers in an nn.ModuleList, the last one first; clamp for the ReLU."""


class TwoLayerNN:
    def __init__(self, im_size, hidden_dim, n_classes):
        super().__init__()
        D = im_size[0] * im_size[1] * im_size[2]
        self.layers = nn.ModuleList([nn.Linear(hidden_dim, n_classes), nn.Linear(D, hidden_dim)])

    def forward(self, images):
        x = images.flatten(start_dim=1)
        return self.layers[0](self.layers[1](x).clamp(min=0))
