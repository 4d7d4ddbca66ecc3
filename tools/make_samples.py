"""Makes sample_exports/: the E-klase exports of an invented school, as an office would have them on disk.

The school, its people, phone numbers, lessons and marks are made up. Most entries are in time and of the
right form; the rest show every kind of finding, most of them with three teachers. The same seed gives the
same files, byte for byte:

    python tools/make_samples.py [OUT]

Needs XlsxWriter.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

SCHOOL = "Ezermalas vidusskola (izdomāta)"
DEPUTY = "Daina Pūce"
SEED = "Ezermala"
NOW = datetime(2026, 11, 24, 18, 0)
PREPARED = "Sagatavots: 24.11.2026. 18:00"

# --------------------------------------------------------------------------------------------------
# Calendar

HOLIDAYS = {
    *(date(2025, 12, day) for day in (24, 25, 26, 31)),
    *(date(2026, month, day) for month, day in ((1, 1), (4, 3), (4, 6), (5, 1), (5, 4), (6, 23), (6, 24))),
    date(2026, 11, 18),
}
MOVED_AWAY = {date(2026, 1, 2), date(2026, 6, 22)}
MOVED_HERE = {date(2026, 1, 17), date(2026, 6, 27)}

SEMESTER_1_END = date(2025, 12, 19)
YEAR_END = {9: date(2026, 6, 12), 12: date(2026, 6, 19)}
YEAR_END_OTHERS = date(2026, 5, 29)
NEXT_YEAR_END = {9: date(2027, 6, 11), 12: date(2027, 6, 18)}
NEXT_YEAR_END_OTHERS = date(2027, 5, 31)

LESSON_START = [time(0), time(8, 30), time(9, 20), time(10, 15), time(11, 10), time(12, 15), time(13, 10),
                time(14, 0), time(14, 50)]  # fmt: skip
DUE_CLOCK = time(17, 0)


def is_working_day(day: date) -> bool:
    """Monday to Friday without holidays, with the days that the Cabinet moved."""
    if day in MOVED_HERE:
        return True
    return day.weekday() < 5 and day not in HOLIDAYS and day not in MOVED_AWAY


def add_working_days(day: date, count: int) -> date:
    """The count-th working day after the day, which is not counted itself."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """The moment of a day."""
    return datetime.combine(day, time(hour, minute))


def year_end(grade: int) -> date:
    """The last day of 2025/2026 for a grade."""
    return YEAR_END.get(grade, YEAR_END_OTHERS)


@dataclass(frozen=True)
class Term:
    """One of the two stretches of lessons that the exports cover."""

    key: str
    school_year: str
    year_start: date
    first: date
    breaks: tuple[tuple[date, date], ...]

    def last(self, grade: int) -> date:
        """The last day with lessons of a grade."""
        return year_end(grade) if self.key == "spring" else NOW.date()

    def school_days(self, grade: int) -> list[date]:
        """The days with lessons of a grade."""
        return [
            day
            for day in days_between(self.first, self.last(grade))
            if day.weekday() < 5
            and is_working_day(day)
            and not any(first <= day <= last for first, last in self.breaks)
        ]


SPRING = Term("spring", "2025/2026", date(2025, 9, 1), date(2026, 1, 5), ((date(2026, 3, 9), date(2026, 3, 13)),))
AUTUMN = Term("autumn", "2026/2027", date(2026, 9, 1), date(2026, 9, 2), ((date(2026, 10, 19), date(2026, 10, 23)),))
GRADE_1_FREE_WEEK = (date(2026, 2, 16), date(2026, 2, 20))
EXAM_TIME = date(2026, 6, 1)  # from here on grades 9 and 12 only prepare for exams

# --------------------------------------------------------------------------------------------------
# People


@dataclass(frozen=True)
class Habits:
    """How often somebody is late or careless, each a share of the occasions."""

    late_days: float = 0.0
    slips: float = 0.0
    wrong_form: float = 0.0
    late_works: float = 0.0
    late_office: float = 0.0


EXACT = Habits()
USUAL = Habits(late_days=0.006, slips=0.006, wrong_form=0.007, late_works=0.010, late_office=0.02)
CARELESS = Habits(late_days=0.06, slips=0.035, wrong_form=0.05, late_works=0.08, late_office=0.12)


@dataclass(frozen=True)
class Teacher:
    """A teacher; the key says what they teach."""

    name: str
    habits: Habits


TEACHERS = {
    "P1": Teacher("Ilze Kārkliņa", EXACT),
    "P2": Teacher("Dace Vītola", USUAL),
    "P3": Teacher("Sandra Krūmiņa", USUAL),
    "L1": Teacher("Inga Žagare", USUAL),
    "L2": Teacher("Maruta Ķēniņa", EXACT),
    "L3": Teacher("Aija Šteinberga", USUAL),
    "M1": Teacher("Guntars Liepiņš", USUAL),
    "M2": Teacher("Valdis Grīnbergs", CARELESS),
    "M3": Teacher("Ināra Čudare", EXACT),
    "E1": Teacher("Kristīne Ābele", USUAL),
    "E2": Teacher("Jānis Rēķis", USUAL),
    "V1": Teacher("Ģirts Šmits", USUAL),
    "H1": Teacher("Rihards Ūdris", USUAL),
    "H2": Teacher("Vija Zariņa", EXACT),
    "G1": Teacher("Anda Ģēģere", CARELESS),
    "B1": Teacher("Ņina Jēgere", USUAL),
    "F1": Teacher("Uldis Ērglis", USUAL),
    "Z1": Teacher("Zane Dzenīte", EXACT),
    "A1": Teacher("Līga Ķirse", USUAL),
    "S1": Teacher("Egils Cīrulis", EXACT),
    "S2": Teacher("Mareks Žīgurs", CARELESS),
}

CLASSES = [f"{grade}.a" for grade in range(1, 13)]
# 6.a has none: the deputy does that work meanwhile.
CLASS_TEACHERS = {
    "1.a": "P1", "2.a": "P2", "3.a": "P3", "4.a": "M1", "5.a": "L1", "7.a": "G1", "8.a": "H1", "9.a": "L2",
    "10.a": "B1", "11.a": "M3", "12.a": "L3",
}  # fmt: skip


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


GIRLS = words("""
Agnese Alise Amanda Anete Anna Annija Arta Beāte Betija Daniela Dārta Elīna Elizabete Elza Emīlija Estere
Evelīna Gabriela Grēta Helēna Ieva Justīne Karlīna Katrīna Keita Klinta Kristiāna Laura Līva Luīze Madara
Marta Megija Nora Odrija Patrīcija Paula Rēzija Rūta Sāra Sofija Sonora Šarlote Tīna Una Viktorija Zelma
""")
BOYS = words("""
Adrians Aleksis Artūrs Bruno Dāvids Dominiks Edvards Emīls Ēriks Filips Francis Gustavs Ģirts Haralds
Henriks Ingus Jānis Jēkabs Jorens Kārlis Kristers Krists Linards Markuss Matīss Miķelis Mārcis Niklāvs
Oskars Oto Pauls Pēteris Ralfs Raivo Reinis Rihards Roberts Rūdolfs Sandis Tomass Toms Uģis Valters Vilhelms
Zigurds
""")
SURNAMES = words("""
Āboliņš/Āboliņa Alksnis/Alksne Apsītis/Apsīte Balodis/Balode Bērziņš/Bērziņa Birznieks/Birzniece
Briedis/Briede Ceriņš/Ceriņa Cielēns/Cielēna Dūmiņš/Dūmiņa Dzērve/Dzērve Eglītis/Eglīte Ezeriņš/Ezeriņa
Feldmanis/Feldmane Gailītis/Gailīte Garais/Garā Graudiņš/Graudiņa Gulbis/Gulbe Ģērmanis/Ģērmane
Jansons/Jansone Kalējs/Kalēja Kalniņš/Kalniņa Kaļva/Kaļva Kļaviņš/Kļaviņa Krastiņš/Krastiņa Ķeizars/Ķeizare
Ķirsis/Ķirse Lapsa/Lapsa Lācis/Lāce Lazdiņš/Lazdiņa Liepa/Liepa Līdaka/Līdaka Mežulis/Mežule
Muižnieks/Muižniece Niedra/Niedra Ņikitins/Ņikitina Osis/Ose Ozols/Ozola Paegle/Paegle Pakalns/Pakalne
Priede/Priede Pūpols/Pūpola Puķītis/Puķīte Riekstiņš/Riekstiņa Rozītis/Rozīte Rubenis/Rubene
Rudzītis/Rudzīte Sīlis/Sīle Skujiņš/Skujiņa Spriņģis/Spriņģe Straume/Straume Strazdiņš/Strazdiņa
Stūrītis/Stūrīte Šūmanis/Šūmane Šulcs/Šulca Tauriņš/Tauriņa Teteris/Tetere Upītis/Upīte Vanags/Vanaga
Vējiņš/Vējiņa Veļķis/Veļķe Vilciņš/Vilciņa Vīksna/Vīksna Zālītis/Zālīte Zeltiņš/Zeltiņa Ziemelis/Ziemele
Zvirbulis/Zvirbule Žagars/Žagare Žubīte/Žubīte
""")
MOTHERS = words("""
Aiga Baiba Diāna Evita Gunita Ilva Ineta Jana Kristīne Laila Linda Māra Rita Santa Signe Vineta Žanete
""")
FATHERS = words("""
Aigars Aldis Andris Dainis Gatis Guntis Ivars Juris Māris Normunds Raimonds Uldis Vilnis Ziedonis
""")


@dataclass(eq=False)
class Pupil:
    """A pupil; the class, the coming and the going are those of each term."""

    name: str
    phone: str
    parents: list[tuple[str, str]]
    ability: float
    group: int
    class_in: dict[str, str] = field(default_factory=dict)
    enrolled: dict[str, date] = field(default_factory=dict)
    left: dict[str, date] = field(default_factory=dict)

    def is_on_roll(self, term: Term, day: date) -> bool:
        """Whether the pupil belongs to the class that day."""
        return self.enrolled[term.key] <= day <= self.left.get(term.key, date.max)


# --------------------------------------------------------------------------------------------------
# What is taught, by whom, how often: one number and one teacher a grade

PLAN = {
    "Latviešu valoda": ("6 6 6 4 4 4 3 3 3 3 3 3", "P1 P2 P3 L1 L1 L1 L2 L2 L2 L3 L3 L3"),
    "Literatūra": ("0 0 0 2 2 2 2 2 2 2 2 2", "- - - L1 L1 L1 L2 L2 L2 L3 L3 L3"),
    "Matemātika": ("4 4 4 5 5 5 5 5 5 5 5 5", "P1 P2 P3 M1 M1 M1 M2 M2 M2 M3 M3 M3"),
    "Angļu valoda": ("2 2 2 3 3 3 3 3 3 4 4 4", "E1 E1 E1 E1 E1 E1 E1+E2 E1+E2 E2 E2 E2 E2"),
    "Vācu valoda": ("0 0 0 0 0 0 2 2 2 3 3 3", "- - - - - - V1 V1 V1 V1 V1 V1"),
    "Dabaszinības": ("2 2 2 2 2 2 0 0 0 0 0 0", "P1 P2 P3 G1 G1 G1 - - - - - -"),
    "Sociālās zinības": ("1 1 1 1 1 1 1 1 1 0 0 0", "P1 P2 P3 H1 H1 H1 H1 H1 H1 - - -"),
    "Vēsture": ("0 0 0 0 0 2 2 2 2 3 3 3", "- - - - - H1 H1 H1 H1 H2 H2 H2"),
    "Ģeogrāfija": ("0 0 0 0 0 0 2 2 2 2 2 2", "- - - - - - G1 G1 G1 G1 G1 G1"),
    "Bioloģija": ("0 0 0 0 0 0 2 2 2 2 2 2", "- - - - - - B1 B1 B1 B1 B1 B1"),
    "Fizika": ("0 0 0 0 0 0 0 2 2 3 3 3", "- - - - - - - F1 F1 F1 F1 F1"),
    "Ķīmija": ("0 0 0 0 0 0 0 2 2 2 2 2", "- - - - - - - B1 B1 B1 B1 B1"),
    "Datorika": ("0 0 0 1 1 1 1 1 1 1 1 1", "- - - F1 F1 F1 F1 F1 F1 F1 F1 F1"),
    "Mūzika": ("2 2 2 1 1 1 1 1 1 0 0 0", "Z1 Z1 Z1 Z1 Z1 Z1 Z1 Z1 Z1 - - -"),
    "Vizuālā māksla": ("2 2 2 1 1 1 1 0 0 0 0 0", "P1 P2 P3 A1 A1 A1 A1 - - - - -"),
    "Dizains un tehnoloģijas": ("1 1 1 2 2 2 2 2 2 0 0 0", "P1 P2 P3 A1 A1 A1 A1 A1 A1 - - -"),
    "Sports un veselība": ("3 3 3 3 3 3 3 3 3 3 3 3", "S1 S1 S1 S1 S1 S1 S2 S2 S2 S2 S2 S2"),
}
SPORT = "Sports un veselība"
DESIGN = "Dizains un tehnoloģijas"
EXAM_SUBJECTS = ("Latviešu valoda", "Matemātika", "Angļu valoda")
HALF_YEAR_COURSE = (11, "Datorika")  # taught in the second semester only

# Result / topic, for grades 1 to 3 and for the others.
SYLLABUS_1_3 = {
    "Latviešu valoda": """Sadzird un nosauc skaņas vārdā / Skaņas un burti
Lasa vārdus pa zilbēm / Zilbes un vārdi
Raksta teikumu ar lielo sākuma burtu / Teikuma pieraksts
Stāsta pēc attēlu virknes / Stāsta veidošana
Atšķir patskaņus un līdzskaņus / Patskaņi un līdzskaņi
Izteiksmīgi lasa dzejoli / Dzejas lasīšana
Atbild uz jautājumiem par lasīto / Teksta izpratne
Pieraksta dzirdēto teikumu / Diktāts""",
    "Matemātika": """Saskaita un atņem 20 apjomā / Skaitļi no 0 līdz 20
Salīdzina skaitļus ar zīmēm >, < un = / Skaitļu salīdzināšana
Mēra garumu centimetros / Garuma mērīšana
Atpazīst un zīmē figūras / Plaknes figūras
Nosaka laiku pulkstenī / Pulkstenis
Risina teksta uzdevumu vienā darbībā / Teksta uzdevumi
Reizina ar 2 un 5 / Reizināšana
Aprēķina pirkuma maksu / Nauda""",
    "Angļu valoda": """Sasveicinās un nosauc savu vārdu / Hello!
Nosauc krāsas un skaitļus / Colours and numbers
Pastāsta par savu ģimeni / My family
Nosauc dzīvniekus un to skaņas / Animals
Pasaka, kas garšo / Food
Saprot īsus norādījumus klasē / In the classroom
Nosauc ķermeņa daļas / My body
Dzied dziesmu angliski / Songs and rhymes""",
    "Dabaszinības": """Novēro un pieraksta laikapstākļus / Laikapstākļi
Atpazīst savvaļas un mājdzīvniekus / Dzīvnieki
Nosauc auga daļas / Augi
Šķiro atkritumus / Saudzīga rīcība
Pēta ūdens stāvokļus / Ūdens
Salīdzina gadalaikus / Gadalaiki
Nosauc maņu orgānus / Cilvēks
Rīkojas droši uz ielas / Drošība""",
    "Sociālās zinības": """Ievēro klases noteikumus / Mēs klasē
Nosauc savas jūtas / Jūtas
Pastāsta par savu dzimto vietu / Mana dzimtā vieta
Atpazīst valsts simbolus / Latvija
Sadarbojas pārī / Draudzība
Plāno savu dienu / Dienas režīms""",
    "Mūzika": """Dzied dziesmu vienbalsīgi / Rudens dziesmas
Ritmizē vārdus un frāzes / Ritms
Atšķir skaņu augstumu / Skaņu augstums
Spēlē ritma instrumentu / Ritma instrumenti
Klausās un raksturo skaņdarbu / Mūzikas klausīšanās
Dzied un rotaļājas / Latviešu rotaļdziesmas""",
    "Vizuālā māksla": """Jauc pamatkrāsas / Krāsas
Veido aplikāciju no papīra / Aplikācija
Zīmē cilvēka figūru / Cilvēks kustībā
Glezno ar akvareli / Ainava
Veido formu no māla / Māls
Iekārto darbus izstādei / Mūsu izstāde""",
    "Dizains un tehnoloģijas": """Loka un griež papīru pēc parauga / Papīra locīšana
Izgatavo apsveikumu / Apsveikums
Šuj vienkāršu dūrienu / Dūrieni
Plāno darba soļus / Rotaļlieta
Izvēlas materiālu darbam / Materiāli
Droši lieto šķēres un adatu / Darba drošība""",
    "Sports un veselība": """Skrien ar starta signālu / Skriešana
Met un ķer bumbu / Bumbas vingrinājumi
Ievēro rotaļas noteikumus / Kustību rotaļas
Izpilda kūleni uz priekšu / Vingrošana
Slēpo ar slīdsoli / Slēpošana
Skaidro, kāpēc jāiesildās / Iesildīšanās""",
}
SYLLABUS_4_12 = {
    "Latviešu valoda": """Atšķir vienkāršu un saliktu teikumu / Teikumu veidi
Lieto pieturzīmes saliktā teikumā / Pieturzīmes
Nosaka lietvārda locījumu / Lietvārds
Loka darbības vārdus tagadnē / Darbības vārds
Raksta argumentētu viedokli / Viedokļa raksts
Rediģē savu tekstu / Teksta rediģēšana
Nosaka vārda sastāvu / Vārda uzbūve
Skaidro svešvārdu nozīmi / Vārdu krājums
Izsaka lūgumu rakstveidā / Lietišķie raksti
Salīdzina rakstu un runas stilu / Valodas stili
Pareizi raksta vārdus ar garumzīmēm / Pareizrakstība
Uzstājas ar īsu runu / Publiskā runa""",
    "Literatūra": """Raksturo stāsta galveno varoni / Literārais varonis
Atrod tekstā metaforas / Tēlainās izteiksmes līdzekļi
Salīdzina tautasdziesmu motīvus / Tautasdziesmas
Nosaka dzejoļa tēmu un noskaņu / Dzejas analīze
Izsaka pamatotu spriedumu par izlasīto / Grāmatas apskats
Izseko darbības līnijai / Sižets un kompozīcija
Skaidro autora nolūku / Autors un vēstītājs
Saskata konfliktu lugā / Drāma
Salīdzina romānu ar tā ekranizāciju / Literatūra un kino
Stāsta teiku savā valodā / Teikas un pasakas
Saista darbu ar laikmetu / Literatūra un laikmets
Raksta radošu turpinājumu / Radošā rakstīšana""",
    "Matemātika": """Saskaita un atņem daļas ar vienādiem saucējiem / Darbības ar daļām
Pārveido decimāldaļu par procentiem / Procenti
Risina lineāru vienādojumu / Vienādojumi
Aprēķina daudzstūra laukumu / Laukums
Nosaka leņķa lielumu / Leņķi
Attēlo punktus koordinātu plaknē / Koordinātu plakne
Reizina un dala pozitīvus un negatīvus skaitļus / Veselie skaitļi
Zīmē un lasa diagrammu / Dati un diagrammas
Izmanto proporciju uzdevuma risināšanā / Proporcijas
Aprēķina prizmas tilpumu / Telpiskie ķermeņi
Sadala reizinātājos izteiksmi / Algebriskas izteiksmes
Aprēķina notikuma varbūtību / Varbūtība""",
    "Angļu valoda": """Lieto vienkāršo pagātni stāstā / Past Simple
Apraksta cilvēka izskatu un raksturu / People around us
Jautā un rāda ceļu / Directions
Salīdzina vietas un lietas / Comparatives
Raksta neformālu vēstuli / Writing a letter
Uztver galveno dzirdētā tekstā / Listening skills
Runā par nākotnes plāniem / Future plans
Lasa un apkopo rakstu / Reading skills
Izsaka nosacījumu un sekas / Conditionals
Diskutē par vides jautājumiem / Our planet
Lieto moda darbības vārdus / Modal verbs
Prezentē savu projektu / Project presentation""",
    "Vācu valoda": """Iepazīstina ar sevi un ģimeni / Meine Familie
Nosauc mācību priekšmetus un laiku / Schule und Stundenplan
Lieto darbības vārdus tagadnē / Präsens
Pasūta ēdienu / Essen und Trinken
Apraksta savu istabu / Meine Wohnung
Stāsta par brīvdienām / Perfekt
Saprot īsu ziņu / Hörverstehen
Lieto prievārdus ar datīvu / Dativ
Iepērkas un jautā cenu / Einkaufen
Stāsta par pilsētu / Meine Stadt
Raksta atklātni / Postkarte
Runā par laikapstākļiem / Wetter""",
    "Dabaszinības": """Plāno vienkāršu eksperimentu / Pētniecības soļi
Skaidro vielas agregātstāvokļu maiņu / Vielas un to pārvērtības
Nosaka debespuses pēc kompasa / Orientēšanās
Veido barības ķēdi / Ekosistēmas
Raksturo augsnes sastāvu / Augsne
Mēra temperatūru un zīmē grafiku / Mērījumi
Skaidro dienas un nakts maiņu / Zeme un Saule
Salīdzina atjaunīgos resursus / Enerģija
Atpazīst koku sugas / Latvijas meži
Pēta magnēta īpašības / Magnēti
Raksturo asinsrites nozīmi / Cilvēka ķermenis
Vērtē savu ietekmi uz vidi / Vides aizsardzība""",
    "Sociālās zinības": """Skaidro bērna tiesības un pienākumus / Tiesības un pienākumi
Atšķir faktu no viedokļa / Mediji
Plāno savus izdevumus / Personīgais budžets
Atpazīst manipulāciju internetā / Drošība internetā
Raksturo pašvaldības uzdevumus / Pašvaldība
Risina konfliktu ar vienošanos / Konfliktu risināšana
Skaidro nodokļu nozīmi / Nodokļi
Raksturo likuma tapšanu / Saeima un likumi
Argumentē savu izvēli vēlēšanās / Vēlēšanas
Izvērtē reklāmas paņēmienus / Reklāma
Raksturo kultūru dažādību / Kopiena
Plāno savu karjeru / Profesijas""",
    "Vēsture": """Izvieto notikumus laika līnijā / Laika skaitīšana
Raksturo seno baltu dzīvi / Senie balti
Skaidro Hanzas nozīmi pilsētām / Viduslaiku Livonija
Analizē vēstures avotu / Vēstures avoti
Nosauc Pirmā pasaules kara cēloņus / Pirmais pasaules karš
Raksturo Latvijas valsts tapšanu / Latvijas dibināšana
Salīdzina demokrātiju un diktatūru / Starpkaru laiks
Skaidro okupācijas sekas / Otrais pasaules karš
Vērtē Atmodas notikumus / Atmoda
Raksturo rūpniecības apvērsumu / Rūpniecības apvērsums
Salīdzina grieķu polisas / Senā Grieķija
Skaidro reformācijas sekas / Reformācija""",
    "Ģeogrāfija": """Nosaka vietas ģeogrāfiskās koordinātas / Ģeogrāfiskās koordinātas
Lasa topogrāfisko karti / Kartes
Skaidro zemestrīču cēloņus / Litosfēra
Raksturo klimata joslas / Klimats
Analizē klimatogrammu / Klimata diagrammas
Salīdzina upju baseinus / Hidrosfēra
Raksturo iedzīvotāju migrāciju / Iedzīvotāji
Skaidro pilsētu augšanu / Urbanizācija
Vērtē lauksaimniecības ietekmi / Saimniecība
Raksturo Baltijas jūras problēmas / Baltijas jūra
Plāno maršrutu ar digitālo karti / Ģeogrāfiskā informācija
Salīdzina reģionu attīstību / Pasaules reģioni""",
    "Bioloģija": """Salīdzina augu un dzīvnieku šūnas / Šūna
Lieto mikroskopu un zīmē novēroto / Mikroskopija
Skaidro fotosintēzes norisi / Fotosintēze
Raksturo gremošanas sistēmu / Gremošana
Skaidro pulsa maiņu slodzē / Asinsrite
Klasificē organismus / Sistemātika
Izseko pazīmju iedzimšanai / Ģenētika
Skaidro dabisko izlasi / Evolūcija
Raksturo imūnsistēmas darbību / Imunitāte
Analizē barības tīklu / Ekoloģija
Skaidro nervu impulsa norisi / Nervu sistēma
Vērtē veselīgus paradumus / Veselība""",
    "Fizika": """Aprēķina vidējo ātrumu / Vienmērīga kustība
Zīmē spēkus, kas darbojas uz ķermeni / Spēki
Lieto Oma likumu / Elektriskā strāva
Saslēdz virknes un paralēlo slēgumu / Slēgumi
Skaidro enerģijas pārvērtības / Enerģija
Nosaka vielas blīvumu / Blīvums
Aprēķina spiedienu šķidrumā / Spiediens
Zīmē staru gaitu lēcā / Optika
Raksturo skaņas viļņus / Viļņi
Aprēķina siltuma daudzumu / Siltums
Novērtē mērījuma kļūdu / Laboratorijas darbs
Skaidro elektromagnētisko indukciju / Magnētisms""",
    "Ķīmija": """Nosaka elementa vietu periodiskajā tabulā / Periodiskā tabula
Sastāda vielas formulu pēc vērtības / Ķīmiskās formulas
Vienādo reakcijas vienādojumu / Ķīmiskās reakcijas
Aprēķina vielas daudzumu / Mols
Salīdzina jonu un kovalento saiti / Ķīmiskā saite
Nosaka šķīduma pH / Skābes un bāzes
Aprēķina šķīduma masas daļu / Šķīdumi
Droši strādā ar laboratorijas traukiem / Darba drošība
Raksturo metālu īpašības / Metāli
Atpazīst ogļūdeņražus / Organiskās vielas
Skaidro reakcijas ātruma maiņu / Reakcijas ātrums
Izvērtē plastmasas lietojumu / Polimēri""",
    "Datorika": """Sakārto datus izklājlapā / Izklājlapas
Lieto formulas un funkcijas / Formulas
Izstrādā algoritmu ar zarošanos / Algoritmi
Programmē ciklu / Cikli
Meklē un izvērtē informāciju / Informācijas meklēšana
Veido drošu paroli / Drošība tīklā
Noformē dokumentu ar stiliem / Teksta apstrāde
Veido prezentāciju / Prezentācijas
Testē un labo programmu / Kļūdu meklēšana
Apstrādā attēlu / Digitālais attēls
Izveido tīmekļa lapu / Tīmekļa lapas
Plāno grupas projektu / Projekts""",
    "Mūzika": """Dzied divbalsīgi / Kora dziesma
Atpazīst instrumentu grupas / Orķestris
Analizē skaņdarba formu / Mūzikas forma
Raksturo latviešu komponistu daiļradi / Latviešu komponisti
Improvizē ritma pavadījumu / Ritma improvizācija
Lasa notis vijoles atslēgā / Nošu raksts
Salīdzina mūzikas žanrus / Žanri
Veido dziesmas pavadījumu / Pavadījums""",
    "Vizuālā māksla": """Attēlo telpu ar vienu saplūšanas punktu / Perspektīva
Veido kompozīciju ar kontrastu / Kompozīcija
Zīmē portretu pēc proporcijām / Portrets
Eksperimentē ar grafikas tehnikām / Grafika
Raksturo mākslas darba noskaņu / Mākslas darbi
Veido animāciju no kadriem / Animācija
Glezno kluso dabu / Klusā daba
Izstrādā plakātu / Plakāts""",
    "Dizains un tehnoloģijas": """Izstrādā skici ar izmēriem / Skicēšana
Droši lieto rokas instrumentus / Koka apstrāde
Šuj ar šujmašīnu taisnu vīli / Šūšana
Gatavo maltīti pēc receptes / Ēdiena gatavošana
Izvērtē izstrādājumu pēc kritērijiem / Vērtēšana
Ada ar diviem adījumiem / Adīšana
Aprēķina materiāla patēriņu / Materiāli
Izgatavo prototipu / Prototips""",
    "Sports un veselība": """Izpilda zemo startu / Īsās distances
Piespēlē un met grozā kustībā / Basketbols
Izpilda servi ar augšējo tvērienu / Volejbols
Sadala spēkus distancē / Vidējās distances
Izpilda vingrojumu kombināciju / Vingrošana
Slēpo ar klasisko gaitu / Slēpošana
Ievēro godīgas spēles principus / Futbols
Plāno savu treniņu / Fiziskās īpašības
Sniedz pirmo palīdzību / Pirmā palīdzība
Orientējas pēc kartes / Orientēšanās""",
}


def read_syllabus(block: str) -> list[tuple[str, str]]:
    """The results and topics of a block, one pair a line."""
    pairs = []
    for line in block.splitlines():
        result, _, topic = line.partition(" / ")
        pairs.append((result, topic))
    return pairs


LOWER = {subject: read_syllabus(block) for subject, block in SYLLABUS_1_3.items()}
UPPER = {subject: read_syllabus(block) for subject, block in SYLLABUS_4_12.items()}


def syllabus(subject: str, grade: int) -> list[tuple[str, str]]:
    """What a subject teaches in a grade."""
    return LOWER[subject] if grade <= 3 else UPPER[subject]


def grade_of(class_name: str) -> int:
    """The grade of a class."""
    return int(class_name.split(".")[0])


@dataclass(frozen=True)
class Course:
    """A subject of a class; two teachers mean two groups at the same hour."""

    class_name: str
    subject: str
    teachers: tuple[str, ...]
    weekly: int

    @property
    def is_double(self) -> bool:
        """Whether its two lessons a week are held together."""
        return self.subject == DESIGN and self.weekly == 2

    def label(self, group: int) -> str:
        """The class as the journal writes it, with the group where there are two."""
        return f"{self.class_name} {group}. gr." if len(self.teachers) > 1 else self.class_name


def courses_of(term: Term, grade: int) -> list[Course]:
    """What a grade learns in a term."""
    found = []
    for subject, (hours, teachers) in PLAN.items():
        weekly = int(hours.split()[grade - 1])
        if not weekly or (term is AUTUMN and (grade, subject) == HALF_YEAR_COURSE):
            continue
        found.append(Course(f"{grade}.a", subject, tuple(teachers.split()[grade - 1].split("+")), weekly))
    return found


# --------------------------------------------------------------------------------------------------
# Pupils


class PeopleMaker:
    """Makes pupils with names and phone numbers that occur once."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.taken: set[str] = set()
        self.phones = itertools.count(20_001_204, 7)

    def phone(self) -> str:
        """The next phone number, in one of the ways people write them."""
        digits = str(next(self.phones))
        return self.rng.choice((digits, digits, f"+371 {digits}", f"{digits[:2]} {digits[2:5]} {digits[5:]}"))

    def pupil(self, class_name: str) -> Pupil:
        """A new pupil with one or two parents."""
        rng = self.rng
        while True:
            girl = rng.random() < 0.5
            male, female = rng.choice(SURNAMES).split("/")
            name = f"{rng.choice(GIRLS if girl else BOYS)} {female if girl else male}"
            if name not in self.taken:
                break
        self.taken.add(name)
        parents = [(f"{rng.choice(MOTHERS)} {female}", self.phone())]
        if rng.random() < 0.85:
            parents.append((f"{rng.choice(FATHERS)} {male}", self.phone()))
        ability = min(9.4, max(4.8, rng.gauss(7.0, 1.2)))
        pupil = Pupil(name, self.phone(), parents, ability, rng.choice((1, 2)))
        pupil.class_in["spring"] = class_name
        return pupil


def surname_first(pupil: Pupil) -> tuple[str, str]:
    """The order of a class list."""
    given, surname = pupil.name.split(" ", 1)
    return surname, given


# class, day: somebody comes (True) or leaves (False) in the middle of a term
COMINGS_AND_GOINGS = (
    (SPRING, "3.a", date(2026, 2, 2), True), (SPRING, "5.a", date(2026, 1, 19), True),
    (SPRING, "8.a", date(2026, 4, 7), True), (SPRING, "10.a", date(2026, 2, 23), True),
    (SPRING, "2.a", date(2026, 3, 6), False), (SPRING, "7.a", date(2026, 2, 13), False),
    (SPRING, "9.a", date(2026, 4, 30), False), (SPRING, "11.a", date(2026, 1, 30), False),
    (AUTUMN, "1.a", date(2026, 9, 21), True), (AUTUMN, "6.a", date(2026, 10, 5), True),
    (AUTUMN, "9.a", date(2026, 11, 2), True), (AUTUMN, "4.a", date(2026, 10, 16), False),
    (AUTUMN, "10.a", date(2026, 9, 25), False), (AUTUMN, "8.a", date(2026, 11, 13), False),
)  # fmt: skip

Rolls = dict[str, dict[str, list[Pupil]]]


def make_rolls(rng: random.Random) -> Rolls:
    """The pupils of each term and class; over the summer everybody moves one grade up."""
    people = PeopleMaker(rng)
    spring = {name: [people.pupil(name) for _ in range(rng.choice((13, 14, 14, 15)))] for name in CLASSES}
    for pupils in spring.values():
        for pupil in pupils:
            pupil.enrolled["spring"] = SPRING.year_start
    come_and_go(SPRING, spring, people)
    autumn = {name: move_up(name, spring, people) for name in CLASSES}
    come_and_go(AUTUMN, autumn, people)
    for roll in (spring, autumn):
        for pupils in roll.values():
            pupils.sort(key=surname_first)
            for number, pupil in enumerate(pupils):
                pupil.group = 1 + number % 2
    return {"spring": spring, "autumn": autumn}


def come_and_go(term: Term, roll: dict[str, list[Pupil]], people: PeopleMaker) -> None:
    """Enters those who came and strikes off those who left in the middle of the term."""
    for when, class_name, day, comes in COMINGS_AND_GOINGS:
        if when is not term:
            continue
        if comes:
            pupil = people.pupil(class_name)
            pupil.class_in[term.key] = class_name
            pupil.enrolled[term.key] = day
            roll[class_name].append(pupil)
        else:
            people.rng.choice(roll[class_name]).left[term.key] = day


def move_up(class_name: str, spring: dict[str, list[Pupil]], people: PeopleMaker) -> list[Pupil]:
    """The pupils of a class in the autumn: those who stayed, and new ones in grades 1 and 10."""
    grade = grade_of(class_name)
    stayed = [pupil for pupil in spring.get(f"{grade - 1}.a", ()) if "spring" not in pupil.left]
    if grade == 10:
        stayed = stayed[:9]
    new = [people.pupil(class_name) for _ in range({1: 15, 10: 4}.get(grade, 0))]
    for pupil in new:
        pupil.class_in.pop("spring")
    for pupil in stayed + new:
        pupil.class_in["autumn"] = class_name
        pupil.enrolled["autumn"] = AUTUMN.year_start
    return stayed + new


# --------------------------------------------------------------------------------------------------
# Timetable


@dataclass(frozen=True)
class Slot:
    """A lesson of the week: a group's, if the class is parted."""

    course: Course
    group: int
    weekday: int
    lesson: int
    valid_from: date
    valid_to: date

    @property
    def teacher(self) -> str:
        """Who teaches it."""
        return self.course.teachers[max(self.group - 1, 0)]


class TimetableMaker:
    """Sets lessons so that nobody has two at a time and no class has a gap."""

    def __init__(self, courses: Sequence[Course], rng: random.Random) -> None:
        self.rng = rng
        self.lengths: dict[str, list[int]] = {}
        self.class_at: dict[tuple[str, int, int], Course] = {}
        self.teacher_at: dict[tuple[str, int, int], Course] = {}
        totals: dict[str, int] = defaultdict(int)
        for course in courses:
            totals[course.class_name] += course.weekly
        for class_name, total in totals.items():
            length, rest = divmod(total, 5)
            self.lengths[class_name] = [length + (weekday < rest) for weekday in range(5)]
            rng.shuffle(self.lengths[class_name])
        self.courses = courses

    def make(self) -> dict[tuple[str, int, int], Course]:
        """The course of each class, weekday and lesson."""
        for course in sorted(self.courses, key=lambda one: (not one.is_double, -len(one.teachers))):
            if course.is_double:
                self.place_double(course)
        waiting = [course for course in self.courses if not course.is_double for _ in range(course.weekly)]
        waiting.sort(key=lambda course: -len(course.teachers))
        for _ in range(100_000):
            if not waiting:
                return self.class_at
            waiting.extend(self.place(waiting.pop(0)))
        raise RuntimeError("no timetable was found; try another seed")

    def openings(self, course: Course, length: int = 1) -> list[tuple[int, int]]:
        """The free places of the course's class, wide enough."""
        return [
            (weekday, lesson)
            for weekday, last in enumerate(self.lengths[course.class_name])
            for lesson in range(1, last + 2 - length)
            if all((course.class_name, weekday, lesson + step) not in self.class_at for step in range(length))
        ]

    def rivals(self, course: Course, weekday: int, lesson: int) -> set[Course]:
        """The other classes' courses that want the same teachers then."""
        wanted = ((teacher, weekday, lesson) for teacher in course.teachers)
        return {self.teacher_at[key] for key in wanted if key in self.teacher_at}

    def place_double(self, course: Course) -> None:
        """Sets two lessons in a row; these are never moved again."""
        free = [
            (weekday, lesson)
            for weekday, lesson in self.openings(course, 2)
            if not self.rivals(course, weekday, lesson) | self.rivals(course, weekday, lesson + 1)
        ]
        weekday, lesson = self.rng.choice(free)
        self.put(course, weekday, lesson)
        self.put(course, weekday, lesson + 1)

    def place(self, course: Course) -> list[Course]:
        """Sets one lesson, and gives back those that had to make room."""
        movable = [
            (weekday, lesson)
            for weekday, last in enumerate(self.lengths[course.class_name])
            for lesson in range(1, last + 1)
            if not self.is_fixed(self.class_at.get((course.class_name, weekday, lesson)))
            and not any(self.is_fixed(rival) for rival in self.rivals(course, weekday, lesson))
        ]
        best = min(movable, key=lambda place: self.cost(course, *place) + self.rng.uniform(0, 8))
        ousted = [self.take_out(rival, *best) for rival in self.rivals(course, *best)]
        own = self.class_at.get((course.class_name, *best))
        if own:
            ousted.append(self.take_out(own, *best))
        self.put(course, *best)
        return ousted

    def is_fixed(self, course: Course | None) -> bool:
        """Whether a lesson is never moved again."""
        return course is not None and course.is_double

    def cost(self, course: Course, weekday: int, lesson: int) -> int:
        """How bad a place is: lessons that would have to move, then the same subject twice a day."""
        taken = (course.class_name, weekday, lesson) in self.class_at
        today = sum(self.class_at.get((course.class_name, weekday, other)) == course for other in range(1, 9))
        return 10 * len(self.rivals(course, weekday, lesson)) + 13 * taken + 4 * today

    def put(self, course: Course, weekday: int, lesson: int) -> None:
        """Books the class and the teachers."""
        self.class_at[course.class_name, weekday, lesson] = course
        for teacher in course.teachers:
            self.teacher_at[teacher, weekday, lesson] = course

    def take_out(self, course: Course, weekday: int, lesson: int) -> Course:
        """Frees the class and the teachers."""
        del self.class_at[course.class_name, weekday, lesson]
        for teacher in course.teachers:
            del self.teacher_at[teacher, weekday, lesson]
        return course


def make_timetable(term: Term, rng: random.Random) -> list[Slot]:
    """The timetable of a term with the days between which each line is valid."""
    courses = [course for grade in range(1, 13) for course in courses_of(term, grade)]
    grid = TimetableMaker(courses, rng).make()
    slots = []
    for (class_name, weekday, lesson), course in sorted(grid.items(), key=lambda item: sort_key(*item[0])):
        for group in groups_of(course):
            for first, last in validity(term, grade_of(class_name)):
                slots.append(Slot(course, group, weekday, lesson, first, last))
    return slots + (exam_timetable(courses) if term is SPRING else [])


def sort_key(class_name: str, weekday: int, lesson: int) -> tuple[int, int, int]:
    """The order of a timetable."""
    return grade_of(class_name), weekday, lesson


def groups_of(course: Course) -> Sequence[int]:
    """The groups of a course; 0 is the whole class."""
    return (1, 2) if len(course.teachers) > 1 else (0,)


def validity(term: Term, grade: int) -> list[tuple[date, date]]:
    """The stretches in which the ordinary timetable holds."""
    if term is AUTUMN:
        return [(term.first, date(2026, 12, 18))]
    if grade == 1:
        monday, friday = GRADE_1_FREE_WEEK
        return [(term.first, monday - timedelta(days=3)), (friday + timedelta(days=3), YEAR_END_OTHERS)]
    return [(term.first, min(term.last(grade), EXAM_TIME - timedelta(days=1)))]


def exam_timetable(courses: Sequence[Course]) -> list[Slot]:
    """Three lessons a day in June for grades 9 and 12."""
    slots: list[Slot] = []
    for course in courses:
        grade = grade_of(course.class_name)
        if grade in YEAR_END and course.subject in EXAM_SUBJECTS:
            start = EXAM_SUBJECTS.index(course.subject) + (1 if grade == 9 else 4)
            slots.extend(Slot(course, 0, weekday, start, EXAM_TIME, year_end(grade)) for weekday in range(5))
    return sorted(slots, key=lambda slot: sort_key(slot.course.class_name, slot.weekday, slot.lesson))


# --------------------------------------------------------------------------------------------------
# Lessons as they are held, and the works written in them


@dataclass(frozen=True, eq=False)
class Held:
    """A lesson on a day; a double one has two numbers."""

    term: Term
    course: Course
    group: int
    day: date
    lessons: tuple[int, ...]
    teacher: str

    @property
    def label(self) -> str:
        """The class or group."""
        return self.course.label(self.group)

    @property
    def number(self) -> int | str:
        """The lesson number as the journal shows it."""
        return "-".join(map(str, self.lessons)) if len(self.lessons) > 1 else self.lessons[0]

    @property
    def grade(self) -> int:
        """The grade of the class."""
        return grade_of(self.course.class_name)

    @property
    def starts(self) -> datetime:
        """When it begins."""
        return datetime.combine(self.day, LESSON_START[self.lessons[0]])

    @property
    def ends(self) -> datetime:
        """When it ends."""
        return datetime.combine(self.day, LESSON_START[self.lessons[-1]]) + timedelta(minutes=40)


def hold_lessons(term: Term, slots: Sequence[Slot]) -> list[Held]:
    """Every lesson that the timetable asks for on the term's school days, by day, class and number."""
    by_class: dict[str, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_class[slot.course.class_name].append(slot)
    held: list[Held] = []
    for class_name, own in by_class.items():
        for day in term.school_days(grade_of(class_name)):
            today = [slot for slot in own if slot.weekday == day.weekday() and slot.valid_from <= day <= slot.valid_to]
            held.extend(join_doubles(term, day, today))
    return sorted(held, key=lambda one: (one.day, one.grade, one.lessons, one.group))


def join_doubles(term: Term, day: date, today: Sequence[Slot]) -> Iterator[Held]:
    """The lessons of a class and day, with the two of a double one as one."""
    for slot in today:
        numbers: tuple[int, ...] = (slot.lesson,)
        if slot.course.is_double:
            numbers = tuple(sorted(other.lesson for other in today if other.course == slot.course))
            if slot.lesson != numbers[0]:
                continue
        yield Held(term, slot.course, slot.group, day, numbers, slot.teacher)


@dataclass(frozen=True)
class Work:
    """A piece of work that gets marks."""

    held: Held
    kind: str  # "formative" or "summative"
    theme: str
    scale: str


CourseKey = tuple[Course, int]


def lessons_by_course(held: Iterable[Held]) -> dict[CourseKey, list[Held]]:
    """The lessons of each course and group in their order."""
    found: dict[CourseKey, list[Held]] = defaultdict(list)
    for one in held:
        found[one.course, one.group].append(one)
    return found


def plan_works(term: Term, by_course: dict[CourseKey, list[Held]], rng: random.Random) -> list[Work]:
    """The formative and summative works of a term, by turns."""
    works = []
    around_saturday = set(MARKED_AROUND_SATURDAY if term is SPRING else ())
    for (course, _), lessons in by_course.items():
        last = term.last(grade_of(course.class_name))
        if term is SPRING:
            last = min(last - timedelta(days=12), EXAM_TIME - timedelta(days=3))
        ordinary = [one for one in lessons if one.day <= last]
        count = 2 + 2 * (course.weekly > 1) + (course.weekly > 3)
        if term is AUTUMN:
            count = 2 + (course.weekly > 3)
        picked = spread(len(ordinary), count, rng)
        wednesday = [index for index, one in enumerate(ordinary) if one.day == BEFORE_SATURDAY]
        if wednesday and course.class_name in around_saturday:
            around_saturday.discard(course.class_name)
            picked[0] = wednesday[0]
        for order, index in enumerate(picked):
            kind = "summative" if order % 2 else "formative"
            works.append(make_work(ordinary[index], kind, topic_of(ordinary[index], lessons)[1], rng))
    return sorted(works, key=lambda work: (work.held.day, work.held.grade, work.held.lessons, work.held.group))


# A formative work of this day was marked on the Saturday that counts as a working day, or after it.
BEFORE_SATURDAY = date(2026, 1, 14)
MARKED_AROUND_SATURDAY = {"11.a": datetime(2026, 1, 17, 11, 20), "8.a": datetime(2026, 1, 19, 9, 10)}


def spread(length: int, count: int, rng: random.Random) -> list[int]:
    """So many places of a row, far from each other."""
    step = length / count
    return [min(length - 1, int(step * (order + rng.uniform(0.45, 0.99)))) for order in range(count)]


def make_work(held: Held, kind: str, theme: str, rng: random.Random) -> Work:
    """A work with the scale it is marked on."""
    if held.grade <= 3:
        scale = "levels"
    else:
        scale = "points" if kind == "summative" else rng.choice(("percent", "percent", "passed"))
    return Work(held, kind, theme, scale)


def topic_of(held: Held, lessons: Sequence[Held]) -> tuple[str, str]:
    """Result and topic of a lesson: the syllabus in order over the term's lessons."""
    pairs = syllabus(held.course.subject, held.grade)
    if held.day >= EXAM_TIME and held.term is SPRING:
        return "Nostiprina apgūto pirms eksāmena", "Gatavošanās eksāmenam"
    order = lessons.index(held) * len(pairs) // len(lessons)
    return pairs[(order + 3 * held.grade) % len(pairs)]


# --------------------------------------------------------------------------------------------------
# Rows of the exports. A stamp may be a day without a clock, a text that cannot be read, or missing.

Stamp = datetime | date | str | None
Cell = Stamp | int
Mark = str | int | None


@dataclass
class LessonRow:
    """A line of Stundas."""

    day: date
    lesson: int | str
    class_name: str
    subject: str
    teacher: str
    journal: str
    lesson_type: str
    topic: str = ""
    homework: str = ""
    pupils: str = ""
    entered: Stamp = None
    topic_entered: Stamp = None
    attendance_entered: Stamp = None
    homework_entered: Stamp = None


@dataclass
class MarkRow:
    """A line of Vērtējumi."""

    pupil: str
    class_name: str
    subject: str
    teacher: str
    kind: str
    day: Stamp
    mark: Mark
    entered: Stamp
    submitted: date | None = None
    theme: str = ""
    period: str = ""
    changed: Stamp = None
    previous: Mark = None


@dataclass
class AbsenceRow:
    """A line of Kavējumi."""

    pupil: str
    class_name: str
    day: date
    lesson: int
    subject: str
    teacher: str
    code: str
    entered: Stamp
    justified: Stamp = None
    justified_by: str = ""


@dataclass
class NoteRow:
    """A line of Zīmju reģistrs."""

    pupil: str
    class_name: str
    first: date
    last: date
    reason: str
    received: Stamp


@dataclass
class EventRow:
    """A line of Ārpusklases pasākumi."""

    title: str
    class_names: str
    pupils: str
    first: date
    last: date
    teacher: str
    informed: Stamp


@dataclass
class ContactRow:
    """A line of Kontakti: a pupil and one of the parents."""

    pupil: str
    class_name: str
    phone: str
    parent: str
    parent_phone: str
    updated: Stamp
    informed: Stamp
    enrolled: date
    left: date | None


@dataclass
class StatementRow:
    """A line of Sekmju izraksti."""

    class_name: str
    pupil: str
    month: str
    issued: Stamp
    channel: str


@dataclass
class ExemptionRow:
    """A line of Atbrīvojumi."""

    pupil: str
    class_name: str
    subject: str
    first: date
    last: date | None
    order: str


@dataclass
class DocumentRow:
    """A line of Izdrukas."""

    document: str
    class_name: str
    pupil: str
    teacher: str
    period: str
    printed: Stamp


@dataclass
class WorkloadRow:
    """A line of Slodzes."""

    teacher: str
    subject: str
    class_name: str
    first: date
    last: date


@dataclass
class ClassRow:
    """A line of Klases."""

    class_name: str
    teacher: str


@dataclass
class SlotRow:
    """A line of Stundu saraksts."""

    class_name: str
    weekday: str
    lesson: int
    subject: str
    teacher: str
    valid_from: date
    valid_to: date


@dataclass
class TermRows:
    """All rows of one term."""

    lessons: list[LessonRow] = field(default_factory=list)
    marks: list[MarkRow] = field(default_factory=list)
    absences: list[AbsenceRow] = field(default_factory=list)
    notes: list[NoteRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    statements: list[StatementRow] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    timetable: list[SlotRow] = field(default_factory=list)


def known(moment: datetime | None) -> datetime | None:
    """The moment, unless it is still to come."""
    return moment if moment is not None and moment <= NOW else None


def on_a_day(rng: random.Random, day: date, earliest: int = 8, latest: int = 21) -> datetime:
    """A moment between two hours of a day."""
    return at(day, rng.randrange(earliest, latest), rng.randrange(60))


# --------------------------------------------------------------------------------------------------
# Who is away, why, and what the class teacher knows of it


@dataclass
class Away:
    """Why a pupil is away, and what stands in the journal by now."""

    code: str = "n"
    justified: datetime | None = None
    justified_by: str = ""
    lesson: int | None = None  # a single lesson only
    unstamped: bool = False


@dataclass(frozen=True)
class EventPlan:
    """An event: named pupils of some classes, or whole classes of which most go."""

    term: Term
    title: str
    first: date
    last: date
    class_names: tuple[str, ...]
    pupils: int  # of each class; 0: the class as a whole
    teacher: str
    informed: datetime


EVENTS = (
    EventPlan(SPRING, "Matemātikas olimpiādes 2. posms", date(2026, 1, 23), date(2026, 1, 23),
              ("9.a", "10.a", "11.a", "12.a"), 2, "M3", datetime(2026, 1, 20, 12, 10)),
    EventPlan(SPRING, "Skatuves runas konkurss", date(2026, 2, 25), date(2026, 2, 25), ("4.a", "5.a"), 3,
              "L1", datetime(2026, 2, 19, 15, 5)),
    EventPlan(SPRING, "Slēpošanas sacensības", date(2026, 2, 5), date(2026, 2, 6), ("7.a", "8.a"), 3, "S2",
              datetime(2026, 2, 9, 8, 20)),
    EventPlan(SPRING, "Teātra izrāde Valmierā", date(2026, 3, 24), date(2026, 3, 24), ("6.a",), 0, "L1",
              datetime(2026, 3, 17, 13, 40)),
    EventPlan(SPRING, "Ķīmijas olimpiāde", date(2026, 3, 27), date(2026, 3, 27), ("10.a", "11.a"), 2, "B1",
              datetime(2026, 3, 25, 10, 0)),
    EventPlan(SPRING, "Koru skate", date(2026, 4, 16), date(2026, 4, 17), ("3.a", "4.a", "5.a"), 4, "Z1",
              datetime(2026, 4, 13, 14, 30)),
    EventPlan(SPRING, "Mācību ekskursija uz Ķemeru nacionālo parku", date(2026, 5, 14), date(2026, 5, 14),
              ("7.a",), 0, "G1", datetime(2026, 5, 11, 9, 15)),
    EventPlan(AUTUMN, "Krosa stafetes", date(2026, 9, 24), date(2026, 9, 24), ("5.a", "6.a", "8.a"), 3, "S1",
              datetime(2026, 9, 22, 11, 35)),
    EventPlan(AUTUMN, "Jauno ģeogrāfu diena", date(2026, 10, 8), date(2026, 10, 8), ("9.a", "10.a"), 3, "G1",
              datetime(2026, 10, 9, 16, 25)),
    EventPlan(AUTUMN, "Karjeras diena Rīgā", date(2026, 10, 29), date(2026, 10, 29), ("12.a",), 0, "L3",
              datetime(2026, 10, 26, 12, 0)),
    EventPlan(AUTUMN, "Valodu olimpiāde", date(2026, 11, 12), date(2026, 11, 13), ("11.a", "12.a"), 2, "V1",
              datetime(2026, 11, 9, 9, 50)),
    EventPlan(AUTUMN, "Lāpu gājiena mēģinājums", date(2026, 11, 10), date(2026, 11, 10), ("7.a", "8.a"), 3,
              "Z1", datetime(2026, 11, 6, 13, 20)),
)  # fmt: skip


class AbsencePlanner:
    """Decides who is away when, with the notes and events that stand for it."""

    def __init__(self, term: Term, roll: dict[str, list[Pupil]], rows: TermRows, rng: random.Random) -> None:
        self.term, self.roll, self.rows, self.rng = term, roll, rows, rng
        self.away: dict[tuple[Pupil, date], Away] = {}
        self.unstamped_left = 2
        self.spells = 0

    def plan(self) -> dict[tuple[Pupil, date], Away]:
        """Events first, then what happens to each pupil."""
        for event in EVENTS:
            if event.term is self.term:
                self.plan_event(event)
        for class_name, pupils in self.roll.items():
            days = self.term.school_days(grade_of(class_name))
            for pupil in pupils:
                own = [day for day in days if pupil.is_on_roll(self.term, day)]
                self.plan_spells(pupil, class_name, own)
                self.plan_single_lessons(pupil, own)
        return self.away

    def plan_event(self, event: EventPlan) -> None:
        """Sends pupils to an event; one who is on no list goes along, one is marked as a truant."""
        named = []
        for class_name in event.class_names:
            present = [pupil for pupil in self.roll[class_name] if pupil.is_on_roll(self.term, event.first)]
            going = self.rng.sample(present, event.pupils or len(present) * 2 // 3)
            named.extend(going if event.pupils else [])
            for pupil in going:
                self.send_away(pupil, event, Away("nc"))
        if named and event.first.day % 4 == 0:
            rest = [pupil for pupil in self.roll[event.class_names[0]] if pupil not in named]
            self.send_away(self.rng.choice(rest), event, Away("nc"))
        if event.first.day % 3 == 0 and named:
            self.send_away(named[-1], event, Away("n"))
        classes = "" if event.pupils else "; ".join(event.class_names)
        names = "; ".join(pupil.name for pupil in named)
        teacher = TEACHERS[event.teacher].name
        self.rows.events.append(EventRow(event.title, classes, names, event.first, event.last, teacher, event.informed))

    def send_away(self, pupil: Pupil, event: EventPlan, away: Away) -> None:
        """Marks the days of an event."""
        for day in days_between(event.first, event.last):
            self.away[pupil, day] = away

    def plan_spells(self, pupil: Pupil, class_name: str, days: list[date]) -> None:
        """Illnesses and family reasons of one to five days."""
        weights = (25, 40, 25, 10) if self.term is SPRING else (42, 40, 15, 3)
        for _ in range(self.rng.choices(range(4), weights)[0]):
            length = self.rng.choices((1, 2, 3, 4, 5), (30, 28, 20, 12, 10))[0]
            start = self.rng.randrange(max(1, len(days) - length))
            spell = days[start : start + length]
            if not spell or any((pupil, day) in self.away for day in spell):
                continue
            away = self.explain(pupil, class_name, spell)
            for day in spell:
                self.away[pupil, day] = away

    def explain(self, pupil: Pupil, class_name: str, spell: list[date]) -> Away:
        """The note for a spell, if one came, and what the class teacher did with it."""
        rng = self.rng
        reason, code = rng.choices(
            (("Slimība", "ns"), ("Ģimenes apstākļi", "nc"), ("Ārsta apmeklējums", "nc")), (7, 2, 1)
        )[0]
        self.spells += 1
        clerk = CLASS_TEACHERS.get(class_name)
        name = TEACHERS[clerk].name if clerk else DEPUTY
        habits = TEACHERS[clerk].habits if clerk else USUAL
        if rng.random() < 0.16:  # no note
            if self.spells % 14 == 0:
                return Away(code, known(on_a_day(rng, add_working_days(spell[-1], 1), 8, 16)), name)
            return Away()
        if len(spell) > 1 and rng.random() < 0.25:
            noted = spell[0]
        else:
            noted = add_working_days(spell[-1], rng.choices((0, 1, 2, 3), (15, 50, 25, 10))[0])
        received: Stamp = on_a_day(rng, noted, 8, 16) if rng.random() < 0.3 else noted
        if at(noted, 16) > NOW:
            return Away()
        self.rows.notes.append(NoteRow(pupil.name, class_name, spell[0], spell[-1], reason, received))
        return self.justify(Away(code, justified_by=name), spell, noted, habits)

    def justify(self, away: Away, spell: list[date], noted: date, habits: Habits) -> Away:
        """When the class teacher put in the code: in time, too late, or not at all."""
        rng = self.rng
        anchor, first_due = max(noted, spell[-1]), add_working_days(max(noted, spell[0]), 5)
        if self.unstamped_left and self.spells % 40 == 7:
            self.unstamped_left -= 1
            return replace(away, unstamped=True, justified_by="")
        if rng.random() < habits.late_office:
            if rng.random() < 0.4:
                return Away()
            day = add_working_days(anchor, rng.choice((6, 6, 7, 9)))
        else:
            room = [n for n in (0, 1, 2, 3) if add_working_days(anchor, n) <= first_due]
            day = add_working_days(anchor, rng.choice(room or [0]))
        moment = known(on_a_day(rng, day, 8, 17))
        if moment is None:
            return Away()
        return replace(away, justified=moment)

    def plan_single_lessons(self, pupil: Pupil, days: list[date]) -> None:
        """Single lessons missed without a reason."""
        for _ in range(self.rng.choices((0, 1, 2, 4), (70, 18, 8, 4))[0]):
            day = self.rng.choice(days)
            self.away.setdefault((pupil, day), Away(lesson=self.rng.randrange(1, 7)))


# --------------------------------------------------------------------------------------------------
# How lessons are entered

# These teachers' stamps of that day have no clock, or are missing.
NO_CLOCK = {
    ("H2", date(2026, 2, 11)),
    ("F1", date(2026, 4, 23)),
    ("A1", date(2026, 10, 6)),
    ("L1", date(2026, 11, 11)),
}
NO_STAMP = {("E2", date(2026, 4, 14)), ("B1", date(2026, 11, 9))}
SICK = {
    ("E1", SPRING): (date(2026, 2, 3), date(2026, 2, 5)),
    ("S2", SPRING): (date(2026, 3, 18), date(2026, 3, 20)),
    ("L3", SPRING): (date(2026, 4, 21), date(2026, 4, 22)),
    ("B1", SPRING): (date(2026, 5, 6), date(2026, 5, 8)),
    ("Z1", AUTUMN): (date(2026, 9, 28), date(2026, 9, 29)),
    ("M1", AUTUMN): (date(2026, 11, 3), date(2026, 11, 5)),
}  # fmt: skip
HOMEWORK_RARE = {SPORT, "Mūzika", "Vizuālā māksla", DESIGN}

JOURNAL = "Priekšmeta žurnāls"
INDIVIDUAL_JOURNAL = "Individuālā darba žurnāls"
INDIVIDUAL = "Individuālais darbs"

# teacher, subject, the two names in brackets, weekday, grade, pupils
INDIVIDUAL_LESSONS = (
    ("M1", "Matemātika", "Matemātika / Dabaszinības", 1, 5, 2),
    ("M2", "Matemātika", "Matemātika / Fizika", 3, 8, 1),
    ("L2", "Latviešu valoda", "Latviešu valoda / Literatūra", 0, 7, 3),
    ("E2", "Angļu valoda", "Angļu valoda / Vācu valoda", 2, 10, 1),
    ("B1", "Ķīmija", "Ķīmija / Bioloģija", 1, 11, 2),
)

FORM_FAULTS = (
    "plain", "close", "lower", "late-prefix", "no-space", "plain", "no-result", "comma", "dotted", "plain",
    "no-topic", "sample", "dash", "plain", "no-space", "sample-brackets", "lower", "late-dots", "comma",
)  # fmt: skip
INDIVIDUAL_FAULTS = ("no-pupils", "no-brackets", "other-prefix", "no-topic", "empty-brackets")


def misform(fault: str, result: str, topic: str) -> str:
    """A topic as somebody in a hurry writes it."""
    small = topic[0].lower() + topic[1:]
    return {
        "plain": topic,
        "close": f"SR {result} / {topic}",
        "lower": f"sr: {result} / {topic}",
        "dotted": f"S.R. {result} / {topic}",
        "dash": f"SR - {result} / {topic}",
        "late-prefix": f"{topic}. SR: {result}",
        "late-dots": f"{topic} (S.R.: {result})",
        "no-space": f"SR: {result}/{topic}",
        "comma": f"SR: {result}, {small}",
        "no-result": f"SR: / {topic}",
        "no-topic": f"SR: {result} /",
        "sample": f"SR: sasniedzamais rezultāts / {topic}",
        "sample-brackets": f'SR: {result} / "temats"',
    }[fault]


def misform_individual(fault: str, names: str, topic: str) -> str:
    """The same for individual work."""
    return {
        "no-pupils": f"{INDIVIDUAL} ({names}) {topic}",
        "no-brackets": f"{INDIVIDUAL} {topic}",
        "other-prefix": f"Ind. darbs ({names}) {topic}",
        "no-topic": f"{INDIVIDUAL} ({names})",
        "empty-brackets": f"{INDIVIDUAL} ( / ) {topic}",
    }[fault]


class LessonWriter:
    """Writes the lessons of a term into the journal, with the absences noted in them."""

    def __init__(
        self, term: Term, roll: dict[str, list[Pupil]], rows: TermRows, away: dict[tuple[Pupil, date], Away],
        rng: random.Random,
    ) -> None:  # fmt: skip
        self.term, self.roll, self.rows, self.away, self.rng = term, roll, rows, away, rng
        self.faults = itertools.cycle(FORM_FAULTS)
        self.moods: dict[tuple[str, date], str] = {}
        self.busy: dict[tuple[date, int], set[str]] = defaultdict(set)

    def write(self, by_course: dict[CourseKey, list[Held]], works: Sequence[Work]) -> None:
        """All lessons by day, class and number."""
        tested = {work.held for work in works if work.kind == "summative"}
        lessons = [one for course in by_course.values() for one in course]
        for one in lessons:
            for number in one.lessons:
                self.busy[one.day, number].add(one.teacher)
        lessons.sort(key=lambda one: (one.day, one.grade, one.lessons, one.group))
        for one in lessons:
            result, topic = topic_of(one, by_course[one.course, one.group])
            self.write_lesson(one, result, topic, one in tested)

    def mood(self, teacher: str, day: date) -> str:
        """How the teacher does a day's entries: "" is in time."""
        if (teacher, day) not in self.moods:
            mood = ""
            if self.rng.random() < TEACHERS[teacher].habits.late_days:
                mood = self.rng.choices(("evening", "evening-topics", "next", "later"), (4, 3, 4, 1))[0]
            self.moods[teacher, day] = mood
        return self.moods[teacher, day]

    def substitute(self, held: Held) -> str:
        """Who teaches: somebody who is free, when the teacher is ill."""
        first, last = SICK.get((held.teacher, self.term), (date.max, date.min))
        if not first <= held.day <= last:
            return held.teacher
        busy = set().union(*(self.busy[held.day, number] for number in held.lessons))
        free = [key for key in TEACHERS if key not in busy and not key.startswith("P")]
        return self.rng.choice(free) if free else held.teacher

    def write_lesson(self, held: Held, result: str, topic: str, tested: bool) -> None:
        """One lesson, unless it was forgotten."""
        rng = self.rng
        teacher = self.substitute(held)
        habits = TEACHERS[teacher].habits
        kind = "Aizvietošana" if teacher != held.teacher else "Pārbaudes darbs" if tested else "Mācību stunda"
        name = TEACHERS[teacher].name
        row = LessonRow(held.day, held.number, held.label, held.course.subject, name, JOURNAL, kind)
        slip = ""
        if rng.random() < habits.slips:
            slip = rng.choices(
                ("unrecorded", "blank", "evening", "no-topic", "late-topic", "no-attendance",
                 "late-attendance", "late-homework"), (3, 1, 3, 2, 3, 2, 3, 2),
            )[0]  # fmt: skip
        if slip == "unrecorded":
            return
        self.rows.lessons.append(row)
        if slip == "blank":
            return
        row.topic = f"SR: {result} / {topic}"
        if rng.random() < habits.wrong_form:
            row.topic = misform(next(self.faults), result, topic)
        row.homework = self.homework(held, topic)
        self.stamp(row, held, self.mood(teacher, held.day), slip)
        self.blur(row, teacher)
        self.write_absences(row, held, habits)

    def homework(self, held: Held, topic: str) -> str:
        """Homework, a word for none, or nothing."""
        rng = self.rng
        rare = held.course.subject in HOMEWORK_RARE
        if rng.random() < (0.85 if rare or held.grade == 1 else 0.45):
            return rng.choices(("", "-", "nav uzdots"), (80, 8, 12))[0]
        if rare:
            return f"Atkārtot: {topic}"
        page, exercise = rng.randrange(6, 140), rng.randrange(1, 9)
        return rng.choices(
            (
                f"Mācību grāmata {page}. lpp., {exercise}. uzd.",
                f"Darba burtnīca {page}. lpp.",
                f"Atkārtot: {topic}",
                f"Mācību grāmata {page}. lpp.;\n{exercise}. un {exercise + 1}. uzd.",
                "Pabeigt stundā iesākto",
            ),
            (40, 30, 16, 2, 12),
        )[0]

    def stamp(self, row: LessonRow, held: Held, mood: str, slip: str) -> None:
        """Puts the entry times; what would still be to come is not there."""
        rng = self.rng
        first = held.starts + timedelta(minutes=rng.randrange(1, 13))
        written = min(held.ends + timedelta(minutes=rng.choice((0, 1, 2, 4, 7, 12, 30, 65, 140))), at(held.day, 16, 55))
        late = self.late_moment(held, mood or slip)
        whole = mood in ("evening", "next", "later") or slip == "evening"
        row.attendance_entered = known(late if whole else first)
        row.entered = row.attendance_entered
        row.topic_entered = known(late if whole or mood or slip == "late-topic" else written)
        if row.homework not in ("", "-", "nav uzdots"):
            row.homework_entered = known(late if whole or mood or slip == "late-homework" else written)
            if row.homework_entered is None:
                row.homework = ""
        if slip == "no-topic" or row.topic_entered is None:
            row.topic, row.topic_entered = "", None
        if slip == "no-attendance":
            row.attendance_entered, row.entered = None, row.topic_entered
        if slip == "late-attendance":
            row.attendance_entered, row.entered = known(late), row.topic_entered
        if row.entered is None:
            row.homework, row.homework_entered = "", None

    def late_moment(self, held: Held, how: str) -> datetime:
        """When a late entry was made."""
        rng = self.rng
        if how in ("evening", "evening-topics") or (how.startswith("late-") and rng.random() < 0.3):
            return at(held.day, 17, 4) + timedelta(minutes=rng.randrange(0, 300))
        days = rng.choice((2, 3, 3, 4, 6)) if how == "later" else 1
        return at(add_working_days(held.day, days), 7, 40) + timedelta(minutes=rng.randrange(0, 480))

    def blur(self, row: LessonRow, teacher: str) -> None:
        """Takes the clock, or the stamps, from the entries of some days."""
        names = ("entered", "topic_entered", "attendance_entered", "homework_entered")
        for name in names:
            stamp = getattr(row, name)
            if (teacher, row.day) in NO_CLOCK and isinstance(stamp, datetime):
                setattr(row, name, stamp.date())
            if (teacher, row.day) in NO_STAMP:
                setattr(row, name, None)

    def write_absences(self, row: LessonRow, held: Held, habits: Habits) -> None:
        """The absences that were noted in a lesson."""
        if row.attendance_entered is None:
            return
        for pupil in self.roll[held.course.class_name]:
            away = self.away.get((pupil, held.day))
            if away is None or (held.group and pupil.group != held.group):
                continue
            for number in held.lessons:
                if away.lesson in (None, number):
                    self.write_absence(row, pupil, number, away, habits)

    def write_absence(self, row: LessonRow, pupil: Pupil, number: int, away: Away, habits: Habits) -> None:
        """One absence; now and then it is put in a day later than the others."""
        entered = row.attendance_entered
        if habits is not EXACT and isinstance(entered, datetime) and self.rng.random() < 0.003:
            entered = known(on_a_day(self.rng, add_working_days(row.day, 1), 8, 16)) or entered
        if away.unstamped:
            entered = None
        self.rows.absences.append(
            AbsenceRow(
                pupil.name, pupil.class_in[self.term.key], row.day, number, row.subject, row.teacher,
                away.code,
                entered, away.justified, away.justified_by if away.justified else "",
            )
        )  # fmt: skip

    def write_individual(self) -> None:
        """Individual work after the lessons: once a week with some pupils."""
        number, faults = 0, itertools.cycle(INDIVIDUAL_FAULTS)
        for teacher, subject, names, weekday, grade, count in INDIVIDUAL_LESSONS:
            steady = steady_pupils(self.term, self.roll[f"{grade}.a"])
            pupils = self.rng.sample(steady, count)
            pairs = syllabus(subject, grade)
            days = [day for day in self.term.school_days(grade) if day.weekday() == weekday]
            for order, day in enumerate(days[1:]):
                number += 1
                topic = pairs[order % len(pairs)][1]
                row = LessonRow(day, 8, f"{grade}.a", subject, TEACHERS[teacher].name, INDIVIDUAL_JOURNAL, INDIVIDUAL)
                row.topic = f"{INDIVIDUAL} ({names}) {topic}"
                row.pupils = "; ".join(pupil.name for pupil in pupils)
                if number % 12 == 5:
                    self.spoil_individual(row, next(faults), names, topic)
                row.entered = row.topic_entered = row.attendance_entered = known(
                    at(day, 15) + timedelta(minutes=self.rng.randrange(0, 100))
                )
                self.rows.lessons.append(row)

    def spoil_individual(self, row: LessonRow, fault: str, names: str, topic: str) -> None:
        """Gives an individual lesson a wrong topic, or no pupils."""
        row.topic = misform_individual(fault, names, topic)
        if fault == "no-pupils":
            row.pupils = ""


def steady_pupils(term: Term, pupils: Sequence[Pupil]) -> list[Pupil]:
    """Those who were there all the term."""
    return [one for one in pupils if one.enrolled[term.key] == term.year_start and term.key not in one.left]


# --------------------------------------------------------------------------------------------------
# Marks: planted cases first. A case names a class and a number in the list of its steady pupils.

PERIODS = {"1": "1. semestris", "2": "2. semestris", "year": "Gads"}
SEMESTER, ANNUAL = "Semestra vērtējums", "Gada vērtējums"
COMBINED, REEXAM = "Kombinētais darbs", "Pēcpārbaudījuma vērtējums"
LEVELS = "STAP"

Case = tuple[str, int, str]  # class, number of the pupil, subject


@dataclass(frozen=True)
class Low:
    """A low annual mark, and the re-examination: its day, the day of its entry and the mark."""

    mark: Mark
    held: date | None = None
    entered: Stamp = None
    new: Mark = None


LOW_MARKS: dict[Case, Low] = {
    ("4.a", 2, "Matemātika"): Low(3, date(2026, 6, 9), datetime(2026, 6, 9, 13, 20), 4),
    ("5.a", 5, "Latviešu valoda"): Low(3),
    ("6.a", 1, "Matemātika"): Low(2, date(2026, 6, 10), datetime(2026, 6, 11, 9, 45), 4),
    ("7.a", 4, "Matemātika"): Low(3, date(2026, 8, 28), datetime(2026, 9, 2, 16, 10), 4),
    ("7.a", 9, "Ģeogrāfija"): Low("nv"),
    ("8.a", 6, "Ķīmija"): Low(3, date(2026, 8, 25), datetime(2026, 8, 26, 10, 30), 5),
    ("8.a", 2, "Matemātika"): Low(2),
    ("10.a", 3, "Fizika"): Low(3, date(2026, 9, 9), datetime(2026, 9, 10, 15, 0), 4),
    ("10.a", 7, "Ķīmija"): Low("nv", date(2026, 6, 8), None, 4),
    ("11.a", 5, "Matemātika"): Low(3, date(2026, 6, 11), datetime(2026, 6, 12, 11, 5), 4),
    ("11.a", 8, "Fizika"): Low(1, date(2026, 8, 24), datetime(2026, 8, 31, 20, 15), 4),
}


@dataclass(frozen=True)
class Correction:
    """An annual mark changed after it was due, and when combined work was marked before, if it was."""

    changed: datetime
    combined: Stamp = None
    kind: str = COMBINED


CORRECTIONS: dict[Case, Correction] = {
    ("5.a", 2, "Matemātika"): Correction(datetime(2026, 5, 28, 10, 20), datetime(2026, 5, 27, 15, 30)),
    ("8.a", 4, "Ķīmija"): Correction(
        datetime(2026, 5, 29, 15, 40),
        datetime(2026, 5, 28, 12, 0),
        "Prognozētais vērtējums / Kombinētais darbs",
    ),
    ("9.a", 3, "Matemātika"): Correction(datetime(2026, 6, 11, 14, 5), datetime(2026, 6, 10, 13, 30)),
    ("12.a", 2, "Vēsture"): Correction(datetime(2026, 6, 18, 9, 50), date(2026, 6, 18)),
    ("7.a", 6, "Matemātika"): Correction(datetime(2026, 5, 28, 16, 30)),
    ("10.a", 2, "Ģeogrāfija"): Correction(datetime(2026, 5, 29, 11, 15), datetime(2026, 6, 1, 9, 30)),
    ("6.a", 3, "Vēsture"): Correction(datetime(2026, 6, 2, 10, 10), datetime(2026, 5, 29, 14, 25)),
    ("11.a", 2, "Bioloģija"): Correction(datetime(2026, 6, 5, 8, 55), datetime(2026, 6, 1, 12, 40)),
    ("7.a", 8, "Ģeogrāfija"): Correction(datetime(2026, 6, 3, 9, 35)),
    ("9.a", 8, "Sports un veselība"): Correction(datetime(2026, 6, 15, 12, 45)),
}


@dataclass(frozen=True)
class Exemption:
    """An exemption, and the marks that were put in all the same: first, second semester, year."""

    first: date | None
    last: date | None
    marks: tuple[Mark, Mark, Mark]


ATB = "atb"
EXEMPTIONS: dict[Case, Exemption] = {
    ("5.a", 4, SPORT): Exemption(date(2025, 9, 1), None, (ATB, ATB, ATB)),
    ("6.a", 6, SPORT): Exemption(date(2025, 9, 15), date(2026, 5, 31), (ATB, ATB, "atb.")),
    ("7.a", 2, SPORT): Exemption(date(2025, 9, 1), None, (ATB, "ATB", "atbrīvots")),
    ("8.a", 8, SPORT): Exemption(date(2025, 10, 13), date(2026, 6, 30), (ATB, "a", ATB)),
    ("8.a", 10, "Vācu valoda"): Exemption(date(2025, 9, 1), date(2026, 8, 31), (ATB, ATB, ATB)),
    ("9.a", 5, SPORT): Exemption(date(2026, 1, 12), None, (None, ATB, 8)),
    ("10.a", 9, SPORT): Exemption(date(2025, 9, 1), None, (ATB, "nv", 7)),
    ("11.a", 4, SPORT): Exemption(date(2025, 9, 1), date(2026, 1, 31), (ATB, None, ATB)),
    ("12.a", 3, SPORT): Exemption(date(2026, 3, 2), None, (None, ATB, "atbr")),
    ("12.a", 6, SPORT): Exemption(None, None, (None, None, ATB)),  # there is no exemption at all
}

MISSING: set[tuple[str, int, str, str]] = {
    ("4.a", 7, "Mūzika", "2"), ("7.a", 10, "Ģeogrāfija", "2"), ("7.a", 10, "Ģeogrāfija", "year"),
    ("8.a", 7, SPORT, "year"), ("9.a", 9, "Matemātika", "1"), ("12.a", 8, SPORT, "1"),
    ("2.a", 3, "Matemātika", "1"), ("11.a", 9, "Vācu valoda", "year"), ("9.a", 1, "Ģeogrāfija", "2"),
}  # fmt: skip
UNSTAMPED: set[tuple[str, int, str, str]] = {
    ("3.a", 5, "Angļu valoda", "2"), ("10.a", 4, "Literatūra", "1"), ("10.a", 5, "Literatūra", "1"),
    ("6.a", 8, "Literatūra", "year"), ("12.a", 7, "Fizika", "year"),
}  # fmt: skip
SUMMARY_ONLY: set[tuple[str, int, str, str]] = {("8.a", 9, "Mūzika", "1"), ("8.a", 3, "Mūzika", "1")}
LATE_BATCHES = {
    ("7.a", "Ģeogrāfija", "2"), ("8.a", "Matemātika", "1"), ("9.a", SPORT, "year"), ("12.a", SPORT, "2"),
    ("9.a", "Matemātika", "year"),
}  # fmt: skip

NO_MARK_STAMPS = {("4.a", "Dabaszinības"), ("10.a", "Vēsture")}  # a work in each term without entry times
DATES_ONLY = "Z1"  # in the autumn this teacher's marks are stamped with a day only


def week_before(end: date) -> date:
    """The day by which semester and annual marks are due."""
    return end - timedelta(days=3)


class MarkWriter:
    """Writes the marks of works, and in the spring those of the semesters and the year."""

    def __init__(
        self, term: Term, roll: dict[str, list[Pupil]], rows: TermRows, away: dict[tuple[Pupil, date], Away],
        rng: random.Random,
    ) -> None:  # fmt: skip
        self.term, self.roll, self.rows, self.away, self.rng = term, roll, rows, away, rng
        self.cases: dict[Pupil, tuple[str, int]] = {}
        if term is SPRING:
            for class_name, pupils in roll.items():
                for number, pupil in enumerate(steady_pupils(term, pupils)):
                    self.cases[pupil] = class_name, number
        self.unstamped_works = set(NO_MARK_STAMPS)
        self.summary: dict[tuple[Pupil, str, str], Mark] = {}

    def case(self, pupil: Pupil, subject: str) -> Case:
        """What the planted cases are found by."""
        class_name, number = self.cases.get(pupil, ("", -1))
        return class_name, number, subject

    def pupils(self, course: Course, group: int, day: date) -> list[Pupil]:
        """The pupils of a course, or of its group, that day."""
        return [
            pupil
            for pupil in self.roll[course.class_name]
            if pupil.is_on_roll(self.term, day) and group in (0, pupil.group)
        ]

    def kind(self, kind: str) -> str:
        """How the term's exports call a kind of mark."""
        if self.term is SPRING:
            return {"formative": "Formatīvais", "summative": "Summatīvais"}[kind]
        return {"formative": "formatīvs vērtējums", "summative": "summatīvs vērtējums"}[kind]

    # Works ------------------------------------------------------------------------------------

    def write_work(self, work: Work) -> None:
        """The marks of a work."""
        rng, held = self.rng, work.held
        limit = 3 if work.kind == "formative" else 7
        habits = TEACHERS[held.teacher].habits
        moment = self.entry(held.day, limit, habits)
        forgotten = habits is CARELESS and rng.random() < 0.015
        if held.day == BEFORE_SATURDAY and work.kind == "formative":
            moment, forgotten = MARKED_AROUND_SATURDAY.get(held.course.class_name, moment), False
        if known(moment) is None and rng.random() < 0.85:
            return  # not even opened in the journal yet
        unstamped = (held.course.class_name, held.course.subject) in self.unstamped_works and not forgotten
        if unstamped:
            self.unstamped_works.discard((held.course.class_name, held.course.subject))
        for order, pupil in enumerate(self.pupils(held.course, held.group, held.day)):
            row = self.work_row(work, pupil, limit, habits, moment + timedelta(minutes=order // 3))
            if row is None:
                continue
            if forgotten or (habits is not EXACT and rng.random() < 0.002):
                row.mark, row.entered = None, None
            if unstamped and order < 5:
                row.entered = None
            if held.teacher == DATES_ONLY and self.term is AUTUMN and isinstance(row.entered, datetime):
                row.entered = row.entered.date()
            self.change_now_and_then(row)
            self.rows.marks.append(row)

    def entry(self, day: date, limit: int, habits: Habits) -> datetime:
        """When a work of that day is marked."""
        rng = self.rng
        if rng.random() < habits.late_works:
            day = add_working_days(add_working_days(day, limit), rng.choice((1, 1, 1, 2, 2, 3, 5)))
            return on_a_day(rng, day)
        delay = rng.choices(range(limit + 1), [4, 5, 4, 2, 2, 2, 1, 1][: limit + 1])[0]
        if delay == 0:
            return on_a_day(rng, day, 16, 22)
        return on_a_day(rng, add_working_days(day, delay))

    def work_row(self, work: Work, pupil: Pupil, limit: int, habits: Habits, moment: datetime) -> MarkRow | None:
        """A pupil's mark, or none: who was away writes later, or gets nv."""
        rng, held = self.rng, work.held
        exempt = EXEMPTIONS.get(self.case(pupil, held.course.subject))
        if exempt and exempt.first and exempt.first <= held.day <= (exempt.last or date.max):
            return None
        mark = self.value(work.scale, pupil)
        row = MarkRow(
            pupil.name, held.label, held.course.subject, TEACHERS[held.teacher].name, self.kind(work.kind),
            held.day, mark, known(moment), theme=work.theme,
        )  # fmt: skip
        away = self.away.get((pupil, held.day))
        if away and away.lesson in (None, *held.lessons):
            if work.kind == "formative":
                return None
            later = add_working_days(held.day, rng.choice((3, 5, 6, 8)))
            if rng.random() < 0.5 and later < min(held.term.last(held.grade), EXAM_TIME):
                row.submitted = later
                row.entered = known(max(moment, self.entry(later, limit, replace(habits, late_works=0.02))))
            else:
                row.mark = "nv"
        elif work.kind == "summative" and rng.random() < 0.1:
            row.submitted = held.day
        if row.entered is None:
            row.mark = None
        return row

    def value(self, scale: str, pupil: Pupil) -> Mark:
        """A mark of the scale that fits the pupil."""
        points = min(10.0, max(2.0, self.rng.gauss(pupil.ability, 1.1)))
        if scale == "levels":
            return LEVELS[min(3, max(0, round((points - 3.5) / 2)))]
        if scale == "percent":
            return f"{min(100, round(points * 10 + self.rng.uniform(-4, 4)))}%"
        if scale == "passed":
            return "i" if points > 5 else "ni"
        return round(points)

    def change_now_and_then(self, row: MarkRow) -> None:
        """Some marks are changed later; a late change is no late entry."""
        if not isinstance(row.entered, datetime) or not isinstance(row.mark, int) or self.rng.random() > 0.01:
            return
        changed = known(on_a_day(self.rng, add_working_days(row.entered.date(), self.rng.choice((1, 4, 9)))))
        if changed:
            row.changed, row.previous, row.mark = changed, row.mark, min(10, row.mark + 1)

    # Semesters and the year -------------------------------------------------------------------

    def write_periods(self, courses: Iterable[CourseKey]) -> None:
        """The semester and annual marks of 2025/2026."""
        for course, group in courses:
            end = year_end(grade_of(course.class_name))
            for period, due in (
                ("1", week_before(SEMESTER_1_END)),
                ("2", week_before(end)),
                ("year", week_before(end)),
            ):
                if period == "1" and (grade_of(course.class_name), course.subject) == HALF_YEAR_COURSE:
                    continue
                self.write_period(course, group, period, due)

    def write_period(self, course: Course, group: int, period: str, due: date) -> None:
        """The marks of a course for a semester or the year."""
        day = due - timedelta(days=self.rng.choice((0, 1, 4, 5, 6, 7)))
        moment = on_a_day(self.rng, day, 9, 20)
        if (course.class_name, course.subject, period) in LATE_BATCHES:
            moment = on_a_day(self.rng, due + timedelta(days=self.rng.choice((1, 2, 3))), 9, 20)
        end = SEMESTER_1_END if period == "1" else year_end(grade_of(course.class_name))
        for order, pupil in enumerate(self.pupils(course, group, end)):
            mark = self.period_mark(pupil, course.subject, period)
            self.summary[pupil, course.subject, period] = mark
            planted = (*self.case(pupil, course.subject), period)
            if planted in MISSING:
                del self.summary[pupil, course.subject, period]
                continue
            if planted in SUMMARY_ONLY:
                continue
            row = MarkRow(
                pupil.name, course.label(group), course.subject,
                TEACHERS[course.teachers[max(group - 1, 0)]].name,
                ANNUAL if period == "year" else SEMESTER, moment.date(), mark,
                moment + timedelta(minutes=order // 4), period=PERIODS[period],
            )  # fmt: skip
            if planted in UNSTAMPED:
                row.entered = None
            self.rows.marks.append(row)
            if period == "year":
                self.correct(row, pupil)
                self.examine_again(row, pupil)

    def period_mark(self, pupil: Pupil, subject: str, period: str) -> Mark:
        """The mark of a semester or of the year."""
        case = self.case(pupil, subject)
        exempt = EXEMPTIONS.get(case)
        planted = exempt.marks[("1", "2", "year").index(period)] if exempt else None
        if planted is not None:
            return planted
        if case in LOW_MARKS:
            return LOW_MARKS[case].mark if period == "year" else 3
        if grade_of(pupil.class_in["spring"]) <= 3:
            return self.value("levels", pupil)
        if period != "year":
            return min(10, max(4, round(self.rng.gauss(pupil.ability, 0.7))))
        semesters = [self.summary.get((pupil, subject, one)) for one in ("1", "2")]
        points = [mark for mark in semesters if isinstance(mark, int)]
        return (2 * sum(points) + len(points)) // (2 * len(points)) if points else 6

    def correct(self, row: MarkRow, pupil: Pupil) -> None:
        """Changes an annual mark, after combined work or without it."""
        correction = CORRECTIONS.get(self.case(pupil, row.subject))
        if correction is None or not isinstance(row.mark, int):
            return
        row.previous, row.mark, row.changed = row.mark, min(10, row.mark + 1), correction.changed
        if row.previous == 10:
            row.previous = 9
        self.summary[pupil, row.subject, "year"] = row.mark
        if correction.combined:
            day = correction.combined.date() if isinstance(correction.combined, datetime) else correction.combined
            self.rows.marks.append(
                replace(
                    row, kind=correction.kind, day=day, mark=row.mark, entered=correction.combined, period="",
                    theme="Gada temati", changed=None, previous=None,
                )
            )  # fmt: skip

    def examine_again(self, row: MarkRow, pupil: Pupil) -> None:
        """The re-examination after a low annual mark."""
        low = LOW_MARKS.get(self.case(pupil, row.subject))
        if low and low.new is not None:
            self.rows.marks.append(
                replace(row, kind=REEXAM, day=low.held, mark=low.new, entered=low.entered, period=PERIODS["year"])
            )


# --------------------------------------------------------------------------------------------------
# The office: contacts, statements, documents, workloads

MONTHS = ("janvāris", "februāris", "marts", "aprīlis", "maijs", "jūnijs", "jūlijs", "augusts", "septembris",
          "oktobris", "novembris", "decembris")  # fmt: skip
LATE_STATEMENTS = {("7.a", 2026, 2): 2, ("7.a", 2026, 10): 3}
NO_STATEMENTS = {("6.a", 2026, 3)}
# class, year, month, number in the class list: days after the due day; None: never
SINGLE_STATEMENTS: dict[tuple[str, int, int, int], int | None] = {
    ("2.a", 2026, 1, 4): None, ("10.a", 2026, 1, 2): 1, ("7.a", 2026, 4, 6): None, ("8.a", 2026, 4, 9): 3,
    ("12.a", 2026, 6, 5): None, ("5.a", 2026, 9, 6): None, ("7.a", 2026, 9, 1): 2, ("8.a", 2026, 10, 3): None,
    ("7.a", 2026, 10, 8): None, ("11.a", 2026, 10, 7): 1, ("3.a", 2025, 12, 2): 4,
}  # fmt: skip


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def write_statements(term: Term, roll: dict[str, list[Pupil]], rows: TermRows, rng: random.Random) -> None:
    """The monthly statements of marks: a class at a time, with single ones late or forgotten."""
    months = [(2025, 12), *((2026, month) for month in range(1, 7))] if term is SPRING else [(2026, 9), (2026, 10)]
    for year, month in months:
        for class_name, pupils in roll.items():
            if (month == 6 and grade_of(class_name) not in YEAR_END) or (
                class_name,
                year,
                month,
            ) in NO_STATEMENTS:
                continue
            last = month_end(year, month)
            moment = on_a_day(rng, last + timedelta(days=rng.choice((0, 1, 2, 3, 4, 5))), 8, 17)
            if (class_name, year, month) in LATE_STATEMENTS:
                late = LATE_STATEMENTS[class_name, year, month]
                moment = on_a_day(rng, last + timedelta(days=5 + late), 8, 17)
            for order, pupil in enumerate(pupils):
                late_days = SINGLE_STATEMENTS.get((class_name, year, month, order), 0)
                if late_days is None or not pupil.is_on_roll(term, last):
                    continue
                issued = moment + timedelta(minutes=order // 5)
                if late_days:
                    issued = on_a_day(rng, last + timedelta(days=5 + late_days), 8, 17)
                month_name = f"{year}. gada {MONTHS[month - 1]}" if term is SPRING else f"{year}-{month:02}"
                channel = rng.choice(("E-klase", "E-klase", "E-klase", "izdruka"))
                rows.statements.append(StatementRow(class_name, pupil.name, month_name, issued, channel))


REPORT, CARD = "Pedagoga atskaite", "Liecība"
JOURNAL_SUMMARY, PERSONAL_FILE = "Kopsavilkuma žurnāls", "Personas lieta"
# teacher, semester: working days after the due day; None: never
REPORTS_NOT_IN_TIME: dict[tuple[str, str], int | None] = {
    ("M2", "1"): 2, ("S2", "1"): None, ("F1", "1"): 1, ("G1", "2"): 3, ("S2", "2"): None, ("M2", "2"): 1,
}  # fmt: skip
# document, class, semester: the same, for whole classes
CLASS_DOCUMENTS_NOT_IN_TIME: dict[tuple[str, str, str], int | None] = {
    (CARD, "7.a", "1"): 2, (CARD, "7.a", "2"): None,
    (JOURNAL_SUMMARY, "7.a", "year"): 4, (JOURNAL_SUMMARY, "8.a", "year"): None,
    (PERSONAL_FILE, "7.a", "year"): 2,
}  # fmt: skip
PUPIL_BY_PUPIL = {"2.a", "9.a", "11.a"}  # classes whose report cards and files are listed one a pupil
WRONG_NAME = ("Z1", "2")  # this report was registered under another name


def printed(rng: random.Random, end: date, limit: int, late: int = 0) -> datetime:
    """When a document due so many working days after the end was printed."""
    if late:
        return on_a_day(rng, add_working_days(end, limit + late), 8, 17)
    return on_a_day(rng, add_working_days(end, rng.randrange(0, limit + 1)), 8, 17)


def teacher_ends(semester: str) -> dict[str, date]:
    """For each teacher the latest end of a semester among their classes."""
    ends: dict[str, date] = {}
    for grade in range(1, 13):
        end = SEMESTER_1_END if semester == "1" else year_end(grade)
        people = [teacher for course in courses_of(SPRING, grade) for teacher in course.teachers]
        people.append(CLASS_TEACHERS.get(f"{grade}.a", people[0]))
        for teacher in people:
            ends[teacher] = max(ends.get(teacher, end), end)
    return ends


def write_documents(roll: dict[str, list[Pupil]], rows: TermRows, rng: random.Random) -> None:
    """What was printed and filed at the ends of both semesters."""
    for semester in ("1", "2"):
        for teacher, end in teacher_ends(semester).items():
            late = REPORTS_NOT_IN_TIME.get((teacher, semester), 0)
            if late is None:
                continue
            name = "Pedagoga pārskats" if (teacher, semester) == WRONG_NAME else REPORT
            moment = printed(rng, end, 5, late)
            rows.documents.append(DocumentRow(name, "", "", TEACHERS[teacher].name, PERIODS[semester], moment))
    for class_name, pupils in roll.items():
        end = year_end(grade_of(class_name))
        write_class_documents(CARD, class_name, pupils, "1", SEMESTER_1_END, rows, rng)
        write_class_documents(CARD, class_name, pupils, "2", end, rows, rng)
        write_class_documents(JOURNAL_SUMMARY, class_name, pupils, "year", end, rows, rng)
        write_class_documents(PERSONAL_FILE, class_name, pupils, "year", end, rows, rng)


def write_class_documents(
    name: str,
    class_name: str,
    pupils: list[Pupil],
    period: str,
    end: date,
    rows: TermRows,
    rng: random.Random,
) -> None:
    """A document of a class, or of each pupil; a single one is missing, a single one late."""
    late = CLASS_DOCUMENTS_NOT_IN_TIME.get((name, class_name, period), 0)
    if late is None:
        return
    limit = 5 if name == CARD else 10
    moment = printed(rng, end, limit, late)
    if class_name not in PUPIL_BY_PUPIL or name == JOURNAL_SUMMARY:
        rows.documents.append(DocumentRow(name, class_name, "", "", PERIODS[period], moment))
        return
    there = [pupil for pupil in pupils if pupil.is_on_roll(SPRING, end)]
    for order, pupil in enumerate(there):
        if order == 4:
            continue
        own = printed(rng, end, limit, 1) if order == 7 else moment + timedelta(minutes=order)
        rows.documents.append(DocumentRow(name, class_name, pupil.name, "", PERIODS[period], own))


def write_contacts(rolls: Rolls, rng: random.Random) -> list[ContactRow]:
    """Both years' contacts: a line for each parent, last year's struck off at the summer's end."""
    contacts = []
    for term in (SPRING, AUTUMN):
        for class_name, pupils in rolls[term.key].items():
            for number, pupil in enumerate(pupils):
                contacts.extend(contact_rows(term, class_name, pupil, number, rng))
    return contacts


def contact_rows(term: Term, class_name: str, pupil: Pupil, number: int, rng: random.Random) -> list[ContactRow]:
    """A pupil's lines; in the autumn some are late, old or without a number that works."""
    start = pupil.enrolled[term.key]
    updated: Stamp = min(start + timedelta(days=rng.randrange(0, 29)), NOW.date())
    informed: Stamp = min(start + timedelta(days=rng.randrange(0, 29)), NOW.date())
    left = pupil.left.get(term.key)
    if term is SPRING and left is None:
        gone = grade_of(class_name) == 12 or "autumn" not in pupil.class_in
        left = date(2026, 6, 30) if gone else date(2026, 8, 31)
    phone, parents = pupil.phone, pupil.parents
    if term is AUTUMN:
        trouble = CONTACT_TROUBLE.get((class_name, number), "")
        if trouble == "late":
            updated = informed = date(2026, 10, rng.randrange(1, 20))
        elif trouble == "old":
            updated, informed = date(2025, 9, 12), None
        elif trouble == "bad phone":
            phone = phone.replace(" ", "")[:-2]
        elif trouble == "no parent phone":
            parents = [(parent, "") for parent, _ in parents]
        elif trouble == "unreadable":
            updated, parents = "septembra sākumā", parents[:1]
        elif trouble == "not informed":
            informed = None
    return [
        ContactRow(pupil.name, class_name, phone, parent, number_, updated, informed, pupil.enrolled[term.key], left)
        for parent, number_ in parents
    ]


CONTACT_TROUBLE = {
    ("1.a", 3): "late", ("5.a", 2): "late", ("7.a", 0): "late", ("7.a", 5): "late", ("7.a", 8): "late",
    ("8.a", 1): "old", ("7.a", 11): "old", ("10.a", 6): "old", ("3.a", 4): "bad phone",
    ("9.a", 7): "bad phone",
    ("4.a", 1): "no parent phone", ("11.a", 3): "unreadable", ("2.a", 9): "not informed",
    ("6.a", 2): "not informed",
}  # fmt: skip


def make_workloads() -> list[WorkloadRow]:
    """Who teaches what in both years."""
    rows = []
    for term, ends, others in (
        (SPRING, YEAR_END, YEAR_END_OTHERS),
        (AUTUMN, NEXT_YEAR_END, NEXT_YEAR_END_OTHERS),
    ):
        for grade in range(1, 13):
            for course in courses_of(term, grade):
                half = (grade, course.subject) == HALF_YEAR_COURSE
                first = SPRING.first if half else term.year_start
                for group, teacher in zip(groups_of(course), course.teachers, strict=True):
                    label, name = course.label(group), TEACHERS[teacher].name
                    rows.append(WorkloadRow(name, course.subject, label, first, ends.get(grade, others)))
    return sorted(rows, key=lambda row: (row.first, row.teacher))


def make_exemptions(rolls: Rolls) -> list[ExemptionRow]:
    """The exemptions of last year, and of those who still have one this year."""
    rows: list[ExemptionRow] = []
    for (class_name, number, subject), exempt in EXEMPTIONS.items():
        if exempt.first is None:
            continue
        pupil = steady_pupils(SPRING, rolls["spring"][class_name])[number]
        order = f"Nr. {40 + len(rows)}-r"
        rows.append(ExemptionRow(pupil.name, class_name, subject, exempt.first, exempt.last, order))
        if exempt.last is None and "autumn" in pupil.class_in:
            order = f"Nr. {40 + len(rows)}-r"
            day = AUTUMN.year_start
            rows.append(ExemptionRow(pupil.name, pupil.class_in["autumn"], subject, day, date(2027, 5, 31), order))
    return sorted(rows, key=lambda row: row.first)


def make_timetable_rows(slots: Sequence[Slot], weekdays: Sequence[str]) -> list[SlotRow]:
    """The timetable as it is exported, its weekdays in words."""
    return [
        SlotRow(
            slot.course.label(slot.group), weekdays[slot.weekday], slot.lesson, slot.course.subject,
            TEACHERS[slot.teacher].name, slot.valid_from, slot.valid_to,
        )
        for slot in slots
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------------
# A few things that cannot be read: six in all


def pick(rows: Iterable[Any], **wanted: object) -> Any:
    """The first row whose fields have these values."""
    return next(row for row in rows if all(getattr(row, name) == value for name, value in wanted.items()))


def plant_data_problems(spring: TermRows, autumn: TermRows) -> None:
    """Spoils single cells; the sixth, a contact with an unreadable day, is made with the other contacts."""
    pick(spring.marks, kind="Formatīvais", class_name="9.a", subject="Ģeogrāfija").day = "31.02.2026"
    pick(autumn.marks, kind="formatīvs vērtējums", class_name="10.a", subject="Ķīmija").kind = "Projekta nedēļa"
    pick(autumn.lessons, day=date(2026, 10, 14), class_name="7.a", lesson=3).class_name = "a klase"
    pick(autumn.statements, class_name="9.a").issued = "05.13.2026"
    pick(spring.documents, teacher=TEACHERS["A1"].name, period=PERIODS["2"]).printed = "jūnija beigās"


# --------------------------------------------------------------------------------------------------
# Files

Columns = dict[str, str]  # heading -> field

LESSONS: Columns = {
    "Datums": "day", "Stunda": "lesson", "Klase": "class_name", "Priekšmets": "subject",
    "Pedagogs": "teacher",
    "Žurnāls": "journal", "Stundas tips": "lesson_type", "Tēma": "topic", "Mājas darbs": "homework",
    "Skolēni": "pupils", "Ievadīts": "entered", "Tēma ievadīta": "topic_entered",
    "Kavējumi ievadīti": "attendance_entered", "Mājas darbs ievadīts": "homework_entered",
}  # fmt: skip
LESSONS_WITH_ONE_STAMP = {
    heading: name for heading, name in LESSONS.items() if name not in ("topic_entered", "homework_entered")
}
LESSONS_OTHER_WORDS: Columns = {
    "Stundas datums": "day", "Stundas nr.": "lesson", "Klase/grupa": "class_name",
    "Mācību priekšmets": "subject",
    "Skolotājs": "teacher", "Žurnāla veids": "journal", "Nodarbības tips": "lesson_type",
    "Stundas tēma": "topic",
    "Uzdots": "homework", "Izglītojamie": "pupils", "Ievadīšanas laiks": "entered",
    "Tēmas ievadīšanas laiks": "topic_entered", "Kavējumi atzīmēti": "attendance_entered",
    "Uzdots ievadīts": "homework_entered",
}  # fmt: skip
MARKS: Columns = {
    "Skolēns": "pupil", "Klase": "class_name", "Priekšmets": "subject", "Pedagogs": "teacher",
    "Vērtējuma veids": "kind", "Darba datums": "day", "Iesniegts": "submitted", "Temats": "theme",
    "Vērtējums": "mark", "Periods": "period", "Ievadīts": "entered", "Labots": "changed",
    "Iepriekšējais vērtējums": "previous",
}  # fmt: skip
MARKS_OTHER_WORDS: Columns = {
    "Izglītojamais": "pupil", "Klase/grupa": "class_name", "Mācību priekšmets": "subject",
    "Skolotājs": "teacher",
    "Vērtēšanas veids": "kind", "Vērtējuma datums": "day", "Darbs iesniegts": "submitted", "Tēma": "theme",
    "Vērtējums": "mark", "Semestris": "period", "Ievadīšanas laiks": "entered", "Labošanas datums": "changed",
    "Vērtējums pirms labojuma": "previous",
}  # fmt: skip
ABSENCES: Columns = {
    "Skolēns": "pupil", "Klase": "class_name", "Datums": "day", "Stunda": "lesson", "Priekšmets": "subject",
    "Pedagogs": "teacher", "Kavējums": "code", "Ievadīts": "entered", "Attaisnots": "justified",
    "Attaisnoja": "justified_by",
}  # fmt: skip
NOTES: Columns = {
    "Skolēns": "pupil", "Klase": "class_name", "No": "first", "Līdz": "last", "Iemesls": "reason",
    "Saņemta": "received",
}  # fmt: skip
EVENT_COLUMNS: Columns = {
    "Pasākums": "title", "Klase": "class_names", "Skolēni": "pupils", "No": "first", "Līdz": "last",
    "Atbildīgais pedagogs": "teacher", "Informācija saņemta": "informed",
}  # fmt: skip
CONTACTS: Columns = {
    "Skolēns": "pupil", "Klase": "class_name", "Skolēna tālrunis": "phone", "Vecāks": "parent",
    "Vecāka tālrunis": "parent_phone", "Aktualizēts": "updated", "Vecāki informēti": "informed",
    "Uzņemts": "enrolled", "Atskaitīts": "left",
}  # fmt: skip
STATEMENTS: Columns = {
    "Klase": "class_name", "Skolēns": "pupil", "Mēnesis": "month", "Izsniegts": "issued", "Veids": "channel",
}  # fmt: skip
EXEMPTION_COLUMNS: Columns = {
    "Skolēns": "pupil", "Klase": "class_name", "Priekšmets": "subject", "No": "first", "Līdz": "last",
    "Rīkojums": "order",
}  # fmt: skip
DOCUMENTS: Columns = {
    "Dokuments": "document", "Klase": "class_name", "Skolēns": "pupil", "Pedagogs": "teacher",
    "Periods": "period",
    "Izdrukāts": "printed",
}  # fmt: skip
WORKLOADS: Columns = {
    "Pedagogs": "teacher", "Priekšmets": "subject", "Klase": "class_name", "No": "first", "Līdz": "last",
}  # fmt: skip
CLASS_COLUMNS: Columns = {"Klase": "class_name", "Klases audzinātājs": "teacher"}
TIMETABLE: Columns = {
    "Klase": "class_name", "Nedēļas diena": "weekday", "Stunda": "lesson", "Priekšmets": "subject",
    "Pedagogs": "teacher", "Spēkā no": "valid_from", "Spēkā līdz": "valid_to",
}  # fmt: skip
WEEKDAYS_SHORT = ("P.", "O.", "T.", "C.", "Pk.")
WEEKDAYS = ("Pirmdiena", "Otrdiena", "Trešdiena", "Ceturtdiena", "Piektdiena")


@dataclass
class Sheet:
    """A table with what stands above and below it."""

    name: str
    titles: list[str]
    header: list[str]
    cells: list[list[Cell]]
    footer: str = ""


def make_sheet(
    name: str, columns: Columns, rows: Sequence[Any], titles: Iterable[str] = (), footer: bool = False
) -> Sheet:
    """A table of rows, with the number of rows below if wanted."""
    cells = [[getattr(row, attribute) for attribute in columns.values()] for row in rows]
    return Sheet(name, list(titles), list(columns), cells, f"Kopā: {len(cells)}" if footer else "")


def titles(what: str, period: str) -> list[str]:
    """The lines above a table."""
    return [SCHOOL, f"{what}, {period}", PREPARED, ""]


@dataclass(frozen=True)
class CsvForm:
    """How a CSV file is written."""

    encoding: str
    delimiter: str
    day: str
    clock: str
    line_end: str = "\r\n"

    def text(self, cell: Cell) -> str:
        """A cell as text."""
        if isinstance(cell, datetime):
            clock = f"{cell.hour}:{cell:%M}" if self.clock == "h:mm" else cell.strftime(self.clock)
            return cell.strftime(self.day) + clock.rjust(len(clock) + (self.clock[0] != "T"))
        if isinstance(cell, date):
            return cell.strftime(self.day)
        return "" if cell is None else str(cell)


BALTIC = CsvForm("cp1257", ";", "%d.%m.%Y.", "h:mm")  # as E-klase itself writes: 08.12.2025. 9:05
BALTIC_PLAIN = CsvForm("cp1257", ";", "%d.%m.%Y", "%H:%M")
COMMA = CsvForm("utf-8-sig", ",", "%d.%m.%Y", "%H:%M:%S")
ISO = CsvForm("utf-8", ";", "%Y-%m-%d", "T%H:%M:%S", "\n")
UNICODE_TEXT = CsvForm("utf-16-le", "\t", "%d.%m.%Y.", "%H:%M")
SEMICOLON = CsvForm("utf-8-sig", ";", "%d.%m.%Y", "%H.%M")


def write_csv(path: Path, sheet: Sheet, form: CsvForm) -> None:
    """A sheet as a text file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=form.delimiter, lineterminator=form.line_end)
    width = len(sheet.header)
    padding = [""] * (width - 1 if form.encoding == "cp1257" else 0)
    for title in sheet.titles:
        writer.writerow([title, *padding])
    writer.writerow(sheet.header)
    writer.writerows([form.text(cell) for cell in row] for row in sheet.cells)
    if sheet.footer:
        writer.writerow([sheet.footer, *[""] * (width - 1)])
    text = out.getvalue()
    if form.encoding == "utf-16-le":
        text = "\ufeff" + text
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(form.encoding))


class Book:
    """An XLSX workbook whose days are real dates."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.book = xlsxwriter.Workbook(str(path))
        self.book.set_properties({"title": path.stem, "author": SCHOOL, "created": NOW})
        self.bold = self.book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True})
        self.day = self.book.add_format({"num_format": "dd.mm.yyyy."})
        self.moment = self.book.add_format({"num_format": "dd.mm.yyyy. hh:mm"})

    def add_texts(self, name: str, texts: Sequence[str]) -> None:
        """A sheet without a table."""
        page = self.book.add_worksheet(name)
        for row, text in enumerate(texts):
            page.write_string(row, 0, text)

    def add(self, sheet: Sheet) -> None:
        """A sheet with its table."""
        page = self.book.add_worksheet(sheet.name)
        for row, text in enumerate(sheet.titles):
            if text:
                page.write_string(row, 0, text)
        start = len(sheet.titles)
        page.set_column(0, len(sheet.header) - 1, 17)
        page.write_row(start, 0, sheet.header, self.bold)
        for row, cells in enumerate(sheet.cells, start + 1):
            for column, cell in enumerate(cells):
                self.put(page, row, column, cell)
        if sheet.footer:
            page.write_string(start + len(sheet.cells) + 2, 0, sheet.footer)

    def put(self, page: Any, row: int, column: int, cell: Cell) -> None:
        """A cell of its own type; a day without a clock is a date alone."""
        if isinstance(cell, datetime):
            page.write_datetime(row, column, cell, self.moment)
        elif isinstance(cell, date):
            page.write_datetime(row, column, datetime.combine(cell, time()), self.day)
        elif isinstance(cell, int):
            page.write_number(row, column, cell)
        elif cell:
            page.write_string(row, column, cell)

    def close(self) -> None:
        """Writes the file."""
        self.book.close()


def write_book(path: Path, sheets: Iterable[Sheet], title_page: Sequence[str] = ()) -> None:
    """A workbook of several sheets, behind a title page if there is one."""
    book = Book(path)
    if title_page:
        book.add_texts("Titullapa", title_page)
    for sheet in sheets:
        book.add(sheet)
    book.close()


def write_summary(
    path: Path, pupils: Sequence[Pupil], subjects: Sequence[str], marks: dict[tuple[Pupil, str, str], Mark]
) -> None:
    """The wide summary of two classes: two header rows, the subjects' cells merged."""
    book = Book(path)
    page = book.book.add_worksheet("Kopsavilkums")
    for row, text in enumerate(titles("Sekmju kopsavilkums", "2025./2026. mācību gads")[:3]):
        page.write_string(row, 0, text)
    page.set_column(0, 0, 26)
    page.merge_range(4, 0, 5, 0, "Skolēns", book.bold)
    page.merge_range(4, 1, 5, 1, "Klase", book.bold)
    for order, subject in enumerate(subjects):
        first = 2 + 3 * order
        page.merge_range(4, first, 4, first + 2, subject, book.bold)
        page.write_row(5, first, ("1. semestris", "2. semestris", "Gada"), book.bold)
    for row, pupil in enumerate(pupils, 6):
        page.write_string(row, 0, pupil.name)
        page.write_string(row, 1, pupil.class_in["spring"])
        for order, subject in enumerate(subjects):
            for step, period in enumerate(("1", "2", "year")):
                book.put(page, row, 2 + 3 * order + step, marks.get((pupil, subject, period)))
    page.freeze_panes(6, 2)
    book.close()


def spell_class(rows: Sequence[Any], form: str) -> list[Any]:
    """The rows with their class in another of the usual spellings."""
    return [replace(row, class_name=form.format(*row.class_name.split(" ")[0].split("."))) for row in rows]


# --------------------------------------------------------------------------------------------------
# All together


@dataclass
class School:
    """Everything there is to export."""

    rolls: Rolls
    rows: dict[str, TermRows]
    summary: dict[tuple[Pupil, str, str], Mark]
    contacts: list[ContactRow]
    workloads: list[WorkloadRow]
    exemptions: list[ExemptionRow]
    classes: list[ClassRow]


def make_school(seed: str) -> School:
    """The school of a seed; each part has its own stream of random numbers."""

    def stream(part: str) -> random.Random:
        return random.Random(f"{seed} {part}")

    rolls = make_rolls(stream("people"))
    summary: dict[tuple[Pupil, str, str], Mark] = {}
    rows = {term.key: make_term(term, rolls[term.key], stream, summary) for term in (SPRING, AUTUMN)}
    write_documents(rolls["spring"], rows["spring"], stream("documents"))
    plant_data_problems(rows["spring"], rows["autumn"])
    return School(
        rolls, rows, summary, write_contacts(rolls, stream("contacts")), make_workloads(),
        make_exemptions(rolls),
        [ClassRow(name, TEACHERS[teacher].name) for name, teacher in CLASS_TEACHERS.items()],
    )  # fmt: skip


def make_term(
    term: Term, roll: dict[str, list[Pupil]], stream: Callable[[str], random.Random],
    summary: dict[tuple[Pupil, str, str], Mark],
) -> TermRows:  # fmt: skip
    """The rows of a term, made in the order in which things happen."""
    rows = TermRows()
    slots = make_timetable(term, stream(f"timetable {term.key}"))
    rows.timetable = make_timetable_rows(slots, WEEKDAYS_SHORT if term is SPRING else WEEKDAYS)
    by_course = lessons_by_course(hold_lessons(term, slots))
    works = plan_works(term, by_course, stream(f"works {term.key}"))
    away = AbsencePlanner(term, roll, rows, stream(f"absences {term.key}")).plan()
    lessons = LessonWriter(term, roll, rows, away, stream(f"lessons {term.key}"))
    lessons.write(by_course, works)
    lessons.write_individual()
    rows.lessons.sort(key=lambda row: (row.day, grade_of(row.class_name), str(row.lesson), row.class_name))
    marks = MarkWriter(term, roll, rows, away, stream(f"marks {term.key}"))
    for work in works:
        marks.write_work(work)
    if term is SPRING:
        marks.write_periods(by_course)
        summary.update(marks.summary)
    write_statements(term, roll, rows, stream(f"statements {term.key}"))
    return rows


def of_grades(rows: Iterable[Any], first: int, last: int) -> list[Any]:
    """The rows of some grades."""
    return [row for row in rows if first <= grade_of(row.class_name) <= last]


def write_spring(folder: Path, school: School) -> None:
    """The spring's files."""
    rows, period = school.rows["spring"], "05.01.2026. - 19.06.2026."
    lower, upper = of_grades(rows.lessons, 1, 6), of_grades(rows.lessons, 7, 12)
    above = titles("Stundu ieraksti", period)
    write_csv(folder / "stundas_1-6.csv", make_sheet("", LESSONS_WITH_ONE_STAMP, lower, above, True), BALTIC)
    write_csv(folder / "stundas_7-12.csv", make_sheet("", LESSONS_OTHER_WORDS, upper), COMMA)
    lower, upper = of_grades(rows.marks, 1, 6), of_grades(rows.marks, 7, 12)
    above = titles("Vērtējumi", "2025./2026. mācību gads")
    write_book(folder / "vertejumi_1-6.xlsx", [make_sheet("Vērtējumi", MARKS, lower, above, True)])
    write_csv(folder / "vertejumi_7-12.csv", make_sheet("", MARKS, upper, above, True), BALTIC_PLAIN)
    write_csv(folder / "kavejumi.csv", make_sheet("", ABSENCES, rows.absences), ISO)
    sheets = [
        make_sheet("Zīmju reģistrs", NOTES, sorted(rows.notes, key=lambda row: row.first), titles("Zīmes", period)),
        make_sheet("Ārpusklases pasākumi", EVENT_COLUMNS, rows.events, titles("Pasākumi", period)),
    ]
    write_book(folder / "zimes_un_pasakumi.xlsx", sheets)
    above = titles("Sekmju izraksti", period)
    write_csv(folder / "sekmju_izraksti.txt", make_sheet("", STATEMENTS, rows.statements, above), UNICODE_TEXT)
    write_csv(folder / "izdrukas.csv", make_sheet("", DOCUMENTS, rows.documents, [SCHOOL], True), BALTIC_PLAIN)
    write_csv(folder / "stundu_saraksts.csv", make_sheet("", TIMETABLE, rows.timetable), SEMICOLON)
    pupils = school.rolls["spring"]["8.a"] + school.rolls["spring"]["9.a"]
    subjects = [course.subject for course in courses_of(SPRING, 8)]
    write_summary(folder / "kopsavilkums_8a_9a.xlsx", pupils, subjects, school.summary)


def write_autumn(folder: Path, school: School) -> None:
    """The autumn's files."""
    rows, period = school.rows["autumn"], "01.09.2026. - 24.11.2026."
    write_book(
        folder / "stundas_rudens.xlsx",
        [make_sheet("Stundas", LESSONS, rows.lessons, titles("Stundu ieraksti", period), True)],
    )
    write_csv(folder / "vertejumi_rudens.csv", make_sheet("", MARKS_OTHER_WORDS, rows.marks), SEMICOLON)
    absences = make_sheet("Kavējumi", ABSENCES, rows.absences, titles("Kavējumi", period))
    write_book(folder / "kavejumi_rudens.xlsx", [absences])
    write_book(
        folder / "skolas_dati_rudens.xlsx",
        [
            make_sheet("Zīmes", NOTES, sorted(rows.notes, key=lambda row: row.first)),
            make_sheet("Pasākumi", EVENT_COLUMNS, rows.events, titles("Ārpusklases pasākumi", period)),
            make_sheet("Izraksti", STATEMENTS, spell_class(rows.statements, "{}{}"), footer=True),
            make_sheet("Klases", CLASS_COLUMNS, school.classes),
        ],
        [SCHOOL, "Pārskats par 2026./2027. mācību gada rudeni", PREPARED],
    )
    write_book(folder / "stundu_saraksts_rudens.xlsx", [make_sheet("Saraksts", TIMETABLE, rows.timetable)])


def write_common(folder: Path, school: School) -> None:
    """What holds for both years."""
    contacts = make_sheet("Kontakti", CONTACTS, school.contacts, titles("Kontaktinformācija", "2025-2027"))
    write_book(folder / "kontakti.xlsx", [contacts])
    write_csv(folder / "klases.csv", make_sheet("", CLASS_COLUMNS, school.classes), BALTIC)
    write_csv(folder / "slodzes.csv", make_sheet("", WORKLOADS, school.workloads, [SCHOOL, ""], True), BALTIC)
    exemptions = spell_class(school.exemptions, "{}.{} klase")
    write_csv(folder / "atbrivojumi.csv", make_sheet("", EXEMPTION_COLUMNS, exemptions, ["Atbrīvojumi"]), COMMA)


def main(arguments: Sequence[str] | None = None) -> int:
    """Makes the folder."""
    parser = argparse.ArgumentParser(description="Make the E-klase exports of an invented school.")
    parser.add_argument("out", nargs="?", type=Path, default=Path("sample_exports"), help="folder to write to")
    parser.add_argument("--seed", default=SEED, help="another seed makes another school")
    options = parser.parse_args(arguments)
    school = make_school(options.seed)
    write_spring(options.out / "2025-2026_pavasaris", school)
    write_autumn(options.out / "2026-2027_rudens", school)
    write_common(options.out / "kopigi", school)
    for path in sorted(options.out.rglob("*.*")):
        sys.stdout.write(f"{path.stat().st_size:>10,}  {path.relative_to(options.out).as_posix()}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
