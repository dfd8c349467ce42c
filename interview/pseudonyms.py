"""Names of two words under which reviewers know an interview (Rules of grading, 6)."""

import secrets

ADJECTIVES = (
    "Amber Azure Brave Bright Brisk Calm Candid Careful Cedar Clear Clever Cobalt Copper "
    "Coral Crimson Curious Daring Eager Early Fair Fearless Fresh Gentle Golden Grand Green "
    "Hazel Honest Humble Indigo Ivory Jolly Keen Kind Lively Loyal Lucid Maple Mellow Merry "
    "Mild Modest Neat Noble Olive Patient Plain Polite Proud Quick Quiet Ready Rosy Ruby "
    "Rustic Sage Scarlet Serene Sharp Silver Sincere Smooth Snowy Solid Steady Sunny Swift "
    "Teal Tidy Timely Tranquil True Violet Vivid Warm Wise Witty "
).split()
ANIMALS = (
    "Albatross Badger Beaver Bison Bittern Bunting Chamois Condor Cormorant Crane Curlew "
    "Dipper Dolphin Dormouse Dove Dunlin Egret Eider Elk Falcon Finch Firefly Flamingo Fox "
    "Gannet Gazelle Gecko Goldcrest Goose Grebe Grouse Hare Hawk Hedgehog Heron Hoopoe Ibex "
    "Ibis Jackdaw Jay Kestrel Kingfisher Kite Lapwing Lark Linnet Lynx Magpie Mallard Marmot "
    "Marten Merlin Mole Moth Newt Nightjar Nuthatch Oriole Osprey Otter Owl Panda Partridge "
    "Pelican Petrel Pheasant Pipit Plover Puffin Quail Raven Redstart Robin Rook Salmon "
    "Sandpiper Seal Shrike Siskin Skylark Snipe Sparrow Starling Stoat Stork Swallow Swan "
    "Swift Tern Thrush Tortoise Trout Vole Wagtail Warbler Weasel Whale Whimbrel Wombat "
    "Woodpecker Wren "
).split()


def new_pseudonym() -> str:
    """A random name such as *Quiet Heron*. Says nothing about whom it stands for."""
    return f"{secrets.choice(ADJECTIVES)} {secrets.choice(ANIMALS)}"
