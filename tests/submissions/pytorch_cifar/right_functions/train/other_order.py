"""zero_grad first; log_softmax and nll_loss; inference mode; the mode is put back."""


def make_optimizer(model, args):
    optimizer = torch.optim.SGD(
        params=list(model.parameters()),
        lr=args.lr,
        momentum=args.momentum,
        weight_decay=args.weight_decay,
    )
    return optimizer


def train_step(model, optimizer, images, labels):
    if not model.training:
        model.train()
    optimizer.zero_grad()
    scores = model(images)
    loss = nn.functional.nll_loss(nn.functional.log_softmax(scores, dim=1), labels)
    loss.backward()
    optimizer.step()
    return float(loss.detach())


@torch.inference_mode()
def evaluate(model, loader):
    was_training = model.training
    model.eval()
    losses, hits = [], []
    for images, labels in loader:
        scores = model(images)
        losses.append(nn.functional.cross_entropy(scores, labels, reduction="none"))
        hits.append(scores.max(dim=1).indices.eq(labels))
    model.train(was_training)
    return torch.cat(losses).mean().item(), torch.cat(hits).double().mean().item()
