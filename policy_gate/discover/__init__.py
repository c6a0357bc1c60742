"""What a tree shows of AI by itself, before anybody declares it. A foundation: knows no gate."""
