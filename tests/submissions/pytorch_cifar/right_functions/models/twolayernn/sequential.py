"""One nn.Sequential."""


class TwoLayerNN:
    def __init__(self, im_size, hidden_dim, n_classes):
        super().__init__()
        D = im_size[0] * im_size[1] * im_size[2]
        self.net = nn.Sequential(
            nn.Flatten(), nn.Linear(D, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, n_classes)
        )

    def forward(self, images):
        return self.net(images)
