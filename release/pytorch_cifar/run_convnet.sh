#!/bin/sh
# Trains the model, writes convnet.log and convnet.pt. Adjust the settings.
# On Windows: the line below without \ and "$@", in one line.
python -m cs_lib.train --model convnet \
    --hidden-dim 32 --kernel-size 5 --lr 0.01 --momentum 0.9 --weight-decay 0.0005 \
    --batch-size 50 --epochs 6 --log-interval 10 --seed 1 "$@"
