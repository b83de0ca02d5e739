"""What the law says of machines and likenesses, place by place: dated positions with sources, kept as data.

States facts with their sources and grades; it is not legal advice.
"""
