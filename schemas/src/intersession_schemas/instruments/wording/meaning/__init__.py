"""What texts mean, as far as short stems of words in seven languages can tell: answers, items, risk."""
