"""Two groups of parameters, gradients set to None by hand, sums weighted in NumPy's way."""


def make_optimizer(model, args):
    every = list(model.parameters())
    groups = [
        {"params": [p for p in every if p.ndim == 1]},
        {"params": [p for p in every if p.ndim != 1]},
    ]
    groups = [group for group in groups if group["params"]]
    return torch.optim.SGD(groups, args.lr, args.momentum, weight_decay=args.weight_decay)


def train_step(model, optimizer, images, labels):
    model.train()
    criterion = nn.CrossEntropyLoss()
    loss = criterion(model(images), labels)
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            parameter.grad = None
    loss.backward()
    optimizer.step()
    return loss.detach().cpu().numpy().item()


def evaluate(model, loader):
    model.eval()
    total = right = n = 0
    for images, labels in loader:
        with torch.no_grad():
            scores = model(images)
            batch = nn.functional.cross_entropy(scores, labels)
        total = total + batch.item() * images.shape[0]
        right = right + int((torch.argmax(scores, 1) == labels).sum())
        n = n + images.shape[0]
    return total / n, right / n
