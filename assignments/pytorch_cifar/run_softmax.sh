#!/bin/sh
# Trains the model, writes softmax.log and softmax.pt. Adjust the settings.
# On Windows: the line below without \ and "$@", in one line.
python -m cs_lib.train --model softmax \
    --lr 0.005 --momentum 0.9 --weight-decay 0.001 \
    --batch-size 50 --epochs 6 --log-interval 10 --seed 1 "$@"
