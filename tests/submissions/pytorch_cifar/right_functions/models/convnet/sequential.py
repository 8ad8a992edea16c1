"""One nn.Sequential, whose last layer is measured by a picture of zeros."""


class CNN:
    def __init__(self, im_size, hidden_dim, kernel_size, n_classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(im_size[0], hidden_dim, (kernel_size, kernel_size), stride=1, padding=0),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=2, stride=2),
        )
        with torch.no_grad():
            size = self.features(torch.zeros(1, *im_size)).numel()
        self.classify = nn.Linear(size, n_classes)

    def forward(self, images):
        out = self.features(images)
        return self.classify(out.reshape(out.size(0), -1))
