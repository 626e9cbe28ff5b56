"""How names are written, said and shortened: what counts as one and the same name.

Match tokens are made of this, and candidates are compared by it. Nothing here is about anybody.
"""

import unicodedata
from itertools import chain
from typing import Final

from anyascii import anyascii
from metaphone import doublemetaphone

SHORTEST_PART: Final = 4  # letters of a part of a double surname that stands for it
# Of each line the words stand for one name: short forms and spellings. A word may be in several.
ALIKE: Final = """
abigail abby abbie gail
abdullah abdallah abdulla abdula
ahmed ahmad ahmet achmed ahmat
aisha ayesha aysha aishah aesha aicha aysa
aleksandr alexander alexandr aleksander oleksandr aliaksandr alejandro alessandro iskander
aleksandr alex alec alek sandy sasha sacha xander
aleksandra alexandra oleksandra alex sandra sasha lexi
ali aly alli
amina aminah ameena aamina
andrew andy drew andrei andrey andriy andrzej andreas
anne ann anna annie nancy hannah hanna ania anya
anthony tony antony antoni anton
barbara barb babs basia
benjamin ben benny benji
catherine katherine kathryn katharine cathy kathy kate katie kitty katy kay kateryna
catherine ekaterina katerina katarzyna kasia
charlotte charlie lottie
charles charlie chas chuck karl carl carlos
christine christina chris chrissie tina kristina krystyna
christopher chris kit topher krzysztof
daniel dan danny danyal danial
david dave davey davy dawid dafydd
deborah debbie debra deb
dmitri dmitry dmitriy dmytro dimitri dmitrij dima
edward ed eddie ted teddy ned edouard edvard
eleanor ellie nell nora elinor
elizabeth liz lizzie beth betty eliza elsie libby lisa bess elisabeth elzbieta ela
emily em emma millie
farooq faruq farouk faruk
fatima fatma fatimah fatema fatemah fatuma fadumo faduma
francesca fran frankie frances franciszka
francis frank frankie fran franciszek
frederick fred freddie freddy fryderyk
gabriel gabe gabby gavriil
gabrielle gabby gabriela gabriella
geoffrey geoff jeff jeffrey jeffery
george georgie yuri yuriy jerzy georgi giorgi jorge
gregory greg gregor grzegorz grigori
hassan hasan hassaan
henry harry hal henryk
hussein husain hussain hossein husein houssein hussen
ibrahim ebrahim ibraheem ibrahima brahim
isabella isabel isabelle izzy bella izabela
jacob jake kuba jakub yakub yaqub
jacqueline jackie jacqui
james jim jimmy jamie jem
jennifer jen jenny jenna
jessica jess jessie
joanna joanne jo jojo joana asia
john jon jack johnny jonny jan ivan ian iwan ioan johan juan yahya
jonathan jon jonny johnathan
joseph joe joey jo yusuf yousef youssef yousuf yusef yusif jozef jusuf youcef youssouf
joshua josh
judith judy jude
julia julie yulia juliya yuliya
khadija khadijah khadeeja hadija kadija khadidja
khaled khalid halid
kenneth ken kenny
laura laurie laurel
lawrence laurence larry laurie lorenzo wawrzyniec
leonard leo len lenny
louis lewis lou louie ludwik
lucy lucia luca lusia lucja
maksim maxim maxym maksym max maximilian maxwell
margaret maggie meg peggy margie greta rita malgorzata gosia madge
maria mary marie mariam maryam miriam mia molly may mariya
mariana marianne
martin marty marcin
matthew matt matty mateusz matvei
maysa maysaa maisa
michael mike mick micky mickey mikey mikhail mykhailo mihail mihai michal michel misha
mohammed muhammad mohamed mohammad muhammed mohamad muhamad mohamud mohamod mehmet mahomet
mohammed mohd mohammod muhammet mahamed mo
mustafa mostafa mustapha moustafa
natalie natasha nat natalia nataliya nathalie tasha
nathan nathaniel nat nate
nicholas nick nicky nico nikolai nikolay mykola mikolaj nicolae klaus nicolas
nicola nicole nicky nikki
oksana oxana
oliver ollie olly
olivia liv livvy ollie
omar umar omer
osman usman uthman othman ousmane
pamela pam
patricia pat patsy trish tricia patty
patrick pat paddy ricky padraig
paul pavel pavlo pawel paulo pablo
peter pete petr petro piotr pyotr pedro
philip phil phillip pip filip
rachel rach rachael raquel
raheem rahim
rebecca becky becca bex
richard rick dick richie rich ricky ryszard
robert bob rob bobby robbie bert roberto
ronald ron ronnie
rose rosie rosa rosemary
said saeed sayed saaid sayeed syed
samantha sam sammy
samuel sam sammy samuil
sarah sara sally sadie zara
sergei sergey serhii serhiy siarhei sergii sergio
stephen steven steve stevie stefan stepan szczepan
sulaiman suleiman solomon sulayman suleyman
susan sue susie suzie suzanne susanna zuzanna
tariq tarek tarik
teresa theresa terry tess tessa
thomas tom tommy tomas tomasz thom
timothy tim timmy
victoria vicky vicki tori vic wiktoria viktoria
viktor victor vic wiktor
vladimir volodymyr wlodzimierz uladzimir vova
william bill will billy willy willie liam wilhelm wilf
wilfred wilf fred
yevgeny evgeny yevhen evgeni eugene yauhen gene
yevgenia evgenia yevheniia eugenia
zachary zach zack zac zakariya zakaria zakariyya
zainab zaynab zeinab zeynep
zoe zoey zoya
chen chan tan chin
huang wong hwang
lee li yi rhee
liu lau low
park pak bak
wang wong ong
wu ng goh
zhang chang cheung teoh
"""


def _groups() -> dict[str, frozenset[str]]:
    heads: dict[str, set[str]] = {}
    for line in ALIKE.split("\n"):
        for word in line.split():
            heads.setdefault(word, set()).add(line.split(maxsplit=1)[0])
    return {word: frozenset(found) for word, found in heads.items()}


HEADS: Final = _groups()
# What stands between the parts of a name, or says that another follows.
BETWEEN: Final = frozenset(
    [
        "al",
        "el",
        "ul",
        "de",
        "da",
        "di",
        "du",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "ibn",
        "bint",
        "the",
        "of",
        "and",
        "or",
        "also",
        "known",
        "as",
        "aka",
        "nee",
        "formerly",
        "previously",
        "was",
        "born",
        "maiden",
        "name",
        "called",
        "mr",
        "mrs",
        "miss",
        "ms",
        "dr",
        "baby",
    ]
)


def words(name: str) -> list[str]:
    """The words of a name without accents, case and punctuation; O'Brien is one word."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(
        each if each.isalpha() else "" if _joins(each) else " "
        for each in unicodedata.normalize("NFKD", plain)
    )
    return kept.split()


def _joins(character: str) -> bool:
    return unicodedata.combining(character) > 0 or character in "'\u2019\u02bc`."


def latin(word: str) -> str:
    """A word in Latin letters, without accents and case: Łukasz is lukasz."""
    return "".join(c for c in anyascii(word).casefold() if c.isalpha())


def parts(name: str) -> list[str]:
    """The words by which somebody is called, without those that only stand between them."""
    found = words(name)
    return [each for each in found if each not in BETWEEN] or found


def sounds_of_word(word: str) -> set[str]:
    """How one word sounds; one that is not in Latin letters stands for itself."""
    # Metaphone knows Latin letters only.
    codes = {code for code in doublemetaphone(word) if code}
    return {f"sound {code}" for code in codes} or {f"letters {word}"}


def heads(word: str) -> frozenset[str]:
    """The names of which a word is a short form or a spelling."""
    return HEADS.get(latin(word), frozenset())


def forms(word: str) -> set[str]:
    """Everything that a word of a name meets another by: sound, Latin spelling, short forms."""
    spelt = {word, latin(word)} - {""}
    return {
        *chain.from_iterable(sounds_of_word(each) for each in spelt),
        *(f"name {head}" for head in heads(word)),
    }


def is_same_name(one: str, other: str) -> bool:
    """Whether one word is the other, a short form of it, or another spelling of the same name."""
    first, second = latin(one), latin(other)
    return bool(first) and (first == second or bool(heads(one) & heads(other)))
