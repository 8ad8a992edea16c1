#!/bin/sh
# Trains the model, writes mymodel.log and mymodel.pt. Adjust the settings.
# On Windows: the line below without \ and "$@", in one line.
python -m cs_lib.train --model mymodel \
    --hidden-dim 16 --kernel-size 3 --lr 0.02 --momentum 0.9 --weight-decay 0.0005 \
    --batch-size 50 --epochs 6 --log-interval 10 --seed 1 "$@"
