"""The layer has another name, and the picture is viewed as a row."""


class Softmax:
    def __init__(self, im_size, n_classes):
        super().__init__()
        c, h, w = im_size
        self.n_pixels = c * h * w
        self.classifier = nn.Linear(self.n_pixels, n_classes)

    def forward(self, images):
        scores = self.classifier(images.view(-1, self.n_pixels))
        return scores
