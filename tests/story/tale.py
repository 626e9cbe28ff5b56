"""What the five people of the story say. Everybody and everything in it is invented."""

CHILD = {"First name": "Zelda", "Last name": "Zampleton", "Address": "17 Nowhere Crescent, Anytown"}
BORN = (27, 3, 2015)
NHS_NUMBER = "999 000 0018"
RISK = {
    "First name": "Rufus",
    "Last name": "Riskley",
    "What is their connection to the child?": "Uncle",
}
PURPOSE = "Identify a child's safeguarding needs and get the right support in time"
REASON = "She came with a bruise on the left arm that nobody explains."
SEEN = (
    "Has she been seen at hospital since September?",
    "The bruise may be one of many",
)
NOISE = ("Has anybody reported violence at the address?", "To know how safe home is")
TENANTS = ("Who lives at the address?", "To know who is at home after school")
URGENT = "She goes home at half past three."
NO_CONSENT = "Asking at home would tell the uncle."
NOT_TOLD = "We do not know who at home is safe to tell."
FILE = {
    "name": "what she drew.txt",
    "mimeType": "text/plain",
    "buffer": b"A drawing of a house with a dark cellar.\n",
}

ATTENDANCE, THERAPY, COMPLAINTS = "Attendance in October", "Notes of therapy", "Complaints of noise"
CONTENT = "Came with a bruise on the left arm on a Saturday, and was sent home."
SOURCE = "Emergency department record"
THERAPY_WHY = "The therapy has no bearing on what was asked."
THERAPY_SAFETY = "To break her confidence would stop her from coming."
NOISE_WHY = "Noise at night says nothing about the child."
NOISE_SAFETY = "Nobody has ever reported that she was hurt."
LATER_CONTENT = "Neighbours heard a man shout at a child on two nights."
LATER_SOURCE = "Record of complaints"
RECONSIDER = "Shouting at night may be part of what she lives with."
REFUSED = "The neighbours spoke of another house."
NOTE = "To work out with the family what help they need."

# What no e-mail, title, address or log may hold.
SECRETS = (
    *("Zelda", "Zampleton", "Z.Z.", "Nowhere Crescent", "9990000018", NHS_NUMBER),
    *("Rufus", "Riskley", "uncle", "bruise", "drew", "cellar", "27 March", "2015-03-27"),
    *("Attendance", "therapy", "Therapy", "noise", "Noise", "shout", "Shouting", "neighbours"),
)
