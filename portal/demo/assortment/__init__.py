"""What Тверон sells: families of articles, each module the families of one shelf."""
