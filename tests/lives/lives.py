# SPDX-License-Identifier: Apache-2.0
"""Lives: each a few records about one or two items, with what goes wrong in between. A life begins with an empty hub, so that one alone
shows what many have shown."""
import random

from country import ACTUAL, DAY_MS, EXERCISE, NOW, TEST
from rules import FLAWS, LANES, RELEASED, Lane, Record, lane_of
from shapes import GUIDANCE, REPORT, STANDING

AGENCIES = ["kent", "kent", "essex", "metropolitan", "nca", "nclcc", "merseyside", "ending", "canary-1", "heir", "late-key", "rocu-north"]
STRANGERS = ["essex", "nca", "btp", "rocu-eastern", "kent"]
NO_AGENCIES = ["atlantis", "gone", "past", "mute", "future"]
NO_KEYS = ["old-key", "revoked", "late-key", "answers", "answers-key"]
SIGNED_ONLY = ["signature", "header", "deployment"]
BEFORE_CONTENT = [name for name in FLAWS if name not in SIGNED_ONLY]
MINUTE = 60_000


class Life:
    """Writes the records of one life, and keeps what it needs to refer to them."""

    def __init__(self, draw, worlds, shapes, signed):
        self.draw, self.worlds, self.shapes, self.signed = draw, worlds, shapes, signed
        self.commands, self.sent, self.since_commit = [], [], []
        chance = draw.random()
        self.world = worlds[0 if chance < 0.6 else 1 if chance < 0.75 else 2 if chance < 0.92 else 3]
        self.at = NOW + int(draw.random() * 14 * DAY_MS)
        self.agency = draw.choice(AGENCIES)
        self.subject = f"line-{int(draw.random() * 60)}"
        self.nonces, self.numbers = 0, {}
        self.kind = REPORT if draw.random() < 0.65 else GUIDANCE

    def pick(self, shapes):
        return shapes[int(self.draw.random() * len(shapes))]

    def record(self, shape, nonce, revision=1, words=0, status=ACTUAL, agency=None):
        made = Record()
        made.agency = made.signer = made.signed_for = agency or self.agency
        made.topic, made.key, made.relayed, made.origin = "in." + made.agency, self.subject, False, None
        made.world, made.shape, made.subject, made.id_subject, made.nonce = self.world, shape, self.subject, None, nonce
        made.revision, made.words, made.status, made.about, made.to, made.number = revision, words, status, None, 0, 0
        made.embargo = NOW - DAY_MS if shape.embargoed else 0
        made.expires, made.flaw, made.full, made.poison = 0, None, False, False
        return made

    def send(self, record):
        """At the time that it is, in the lane that its subject has."""
        self.at += 1 + int(self.draw.random() * 2 * MINUTE)
        record.world = self.world
        record.at, record.made = self.at, self.at - MINUTE
        record.lane, record.shuffle = lane_of(record.subject), int(self.draw.random() * (1 << 48))
        self.put(record)
        return record

    def put(self, record):
        self.commands.append(record)
        self.since_commit.append(record)

    # --- what can happen ---

    def new_item(self, shape=None, **more):
        self.nonces += 1
        shape = shape or self.pick(self.shapes.good[self.kind])
        record = self.record(shape, self.nonces, int(1 + self.draw.random() ** 4 * 3), int(self.draw.random() * 5), **more)
        if self.draw.random() < 0.08:
            record.expires = self.at + int(self.draw.random() * 40 * DAY_MS) + 3 * MINUTE
        self.sent.append(self.send(record))

    def again(self, **changed):
        record = self.pick(self.sent).copy()
        for name, value in changed.items():
            setattr(record, name, value)
        return record

    def replay(self):
        record = self.again()
        record.shape = self.shapes.same.get(record.shape.number, record.shape) if self.draw.random() < 0.4 else record.shape
        self.send(record)

    def revise(self):
        record = self.again()
        record.revision += int(self.draw.random() * 3) + (self.draw.random() < 0.9)
        if self.draw.random() < 0.7:
            record.words = int(self.draw.random() * 4)
        elif record.shape.number in self.shapes.siblings:
            record.shape = self.pick(self.shapes.siblings[record.shape.number])
        self.sent.append(self.send(record))

    def be_late(self):
        record = self.again()
        record.revision = max(1, record.revision - int(self.draw.random() * 3))
        if self.draw.random() < 0.5:
            record.words = int(self.draw.random() * 4)
        self.send(record)

    def take_place(self):
        """Other content under a known revision."""
        record = self.again()
        siblings = self.shapes.siblings.get(record.shape.number)
        if siblings and self.draw.random() < 0.6:
            record.shape = self.pick(siblings)
        else:
            record.words = record.words + 7
        self.send(record)

    def repeat_words(self):
        """The same words under another reference."""
        self.nonces += 1
        record = self.again(nonce=self.nonces, revision=1)
        if self.draw.random() < 0.3:
            record.shape = self.shapes.same.get(record.shape.number, record.shape)
        self.sent.append(self.send(record))

    def repeat_elsewhere(self):
        """The same words of another agency, in an exercise, under another subject."""
        record = self.again()
        chance = self.draw.random()
        if chance < 0.3:
            agency = self.draw.choice(AGENCIES)
            record.agency = record.signer = record.signed_for = agency
            record.topic = "in." + agency
        elif chance < 0.55:
            self.nonces += 1
            record.nonce, record.status = self.nonces, self.draw.choice([EXERCISE, EXERCISE, TEST, ACTUAL])
        elif chance < 0.7:
            record.key = record.subject = self.subject + "-b"
        elif chance < 0.9:
            record.key, record.subject, record.id_subject = self.subject + "-b", self.subject + "-b", self.subject
        else:
            self.nonces += 1
            record.nonce, record.about, record.expires = self.nonces, None, 0
        self.send(record)

    def change_status(self):
        record = self.again()
        record.status = record.status % 3 + 1
        record.revision += int(self.draw.random() * 2)
        self.send(record)

    def follow_up(self):
        """Changes of standing of one item: mostly by who may make one, mostly of an item that has come."""
        draw = self.draw
        target = self.pick(self.sent) if self.sent and draw.random() < 0.93 else None
        about = target.key_of() if target else (self.agency, self.subject, 900 + int(draw.random() * 4))
        self.change_standing(about, target.status if target else ACTUAL)
        while draw.random() < 0.5:
            self.change_standing(about, target.status if target else ACTUAL)

    def issuer_of(self, about):
        chance = self.draw.random()
        return (about[0] if chance < 0.55 else "nclcc" if chance < 0.85 else self.draw.choice(["heir", "ending"]) if chance < 0.9
                else self.pick(STRANGERS))

    def change_standing(self, about, status):
        draw, issuer = self.draw, self.issuer_of(about)
        self.nonces += 1
        record = self.record(self.pick(self.shapes.good[STANDING]), self.nonces, agency=issuer, status=status)
        if draw.random() < 0.03:
            record.status = record.status % 3 + 1
        number = self.numbers.get((issuer, about), 0) + int(draw.random() * 1.9) + (draw.random() < 0.85)
        record.to, record.number = self.pick([1, 1, 2, 2, 2, 3, 3, 4]), max(1, number)
        self.numbers[issuer, about] = record.number
        record.about = (*about, about[2], int(draw.random() * 2))
        self.spoil_about(record)
        if record.about and draw.random() < 0.02:
            record.expires = self.at + DAY_MS
        if draw.random() < 0.02:
            record.revision = 2
        self.send(record)
        if draw.random() < 0.1:
            self.sent.append(record)

    def follow_up_early(self):
        """Before their items: as many as there may be, and more."""
        for _ in range(int(1 + self.draw.random() * 2 * (self.world.unsent < 9))):
            self.change_standing((self.agency, self.subject, 1 + int(self.draw.random() * 4)), ACTUAL)
        self.nonces = 0

    def spoil_about(self, record):
        chance, (agency, subject, nonce, named, revision) = self.draw.random(), record.about
        if chance < 0.02:
            record.about = agency, subject + "-b", nonce, named, revision
        elif chance < 0.03:
            record.about = agency, subject, nonce, named + 1, revision
        elif chance < 0.04:
            record.about = "atlantis", subject, nonce, named, revision
        elif chance < 0.05:
            record.about = *record.key_of(), record.nonce, revision
        elif chance < 0.06 and not record.expires:
            record.about = None

    def edit(self):
        """The next edition of guidance, or something that names an earlier item and may not."""
        target = self.pick(self.sent)
        if target.shape.kind == STANDING:
            return
        self.nonces += 1
        agency = self.agency if self.draw.random() < 0.9 else self.draw.choice(AGENCIES)
        record = self.record(target.shape, self.nonces, 1, target.words + int(self.draw.random() * 2), agency=agency)
        record.about = (*target.key_of(), target.nonce, 0)
        self.spoil_about(record)
        self.sent.append(self.send(record))

    def send_spoilt(self):
        kind = self.kind if self.draw.random() < 0.85 else STANDING
        self.nonces += 1
        record = self.record(self.pick(self.shapes.spoilt[kind]), self.nonces)
        if self.draw.random() < 0.04:
            record.shape = self.pick(self.shapes.refused)
        if kind == STANDING:
            record.about, record.to, record.number = (self.agency, self.subject, 1, 1, 0), 3, 1
        self.send(record)

    def send_flawed(self):
        record = self.again(flaw=self.pick(BEFORE_CONTENT + SIGNED_ONLY * 6 if self.signed else BEFORE_CONTENT))
        record.revision += int(self.draw.random() * 2)
        self.send(record)
        if self.draw.random() < 0.5:
            genuine = record.copy()
            genuine.flaw = None
            self.send(genuine)

    def send_wrongly(self):
        """By somebody who may not, under a key that is none, for another topic, at a wrong time."""
        record, chance = self.again(), self.draw.random()
        if chance < 0.2:
            record.topic = "in." + self.draw.choice(NO_AGENCIES)
        elif chance < 0.3:
            record.signer = self.draw.choice(["btp", "heir"])
        elif chance < 0.5:
            record.agency = record.signer = record.signed_for = self.draw.choice(NO_KEYS)
            record.topic = "in." + record.agency
        elif chance < 0.6:
            record.topic, record.signer, record.signed_for = "in.btp", "btp", "btp"
        elif chance < 0.7:
            record.key = self.subject + "-c"
        elif chance < 0.8 and self.signed:
            record.signed_for = "btp"
        else:
            self.send_untimely(record)
            return
        self.send(record)

    def send_untimely(self, record):
        record.revision += 1
        record = self.send(record)
        chance = self.draw.random()
        if chance < 0.2:
            record.made = record.at + record.world.ahead_ms + self.draw.choice([0, 1, DAY_MS])
        elif chance < 0.4:
            record.made = record.at - record.world.age * DAY_MS - self.draw.choice([0, 1, DAY_MS])
        elif chance < 0.6:
            record.embargo = record.at + self.draw.choice([0, 1, DAY_MS])
        elif chance < 0.8:
            record.expires = record.at + self.draw.choice([-1, 0, 1])
        else:
            record.expires, record.embargo = record.made + self.draw.choice([0, 1, 5 * MINUTE]), self.draw.choice([0, record.made])
        if record.shape.kind == STANDING and not record.about:
            record.expires = record.embargo = 0  # that is wrong enough

    def go_astray(self):
        """To another partition, and mostly on from there."""
        record = self.again()
        record.revision += 1
        self.sent.append(self.send(record))
        record.lane = (record.lane + 1) % LANES
        if self.draw.random() < 0.15:
            return
        relayed, chance = record.copy(), self.draw.random()
        relayed.topic, relayed.relayed, relayed.lane = "relane", True, lane_of(record.subject)
        relayed.origin = (record.topic, record.lane, int(self.draw.random() * 3), record.at) if chance < 0.85 else None
        relayed.at = self.at = self.at + int(self.draw.random() * 2 * DAY_MS if self.draw.random() < 0.2 else MINUTE)
        if 0.7 < chance < 0.85:
            relayed.lane = record.lane
        self.put(relayed)

    def meet_trouble(self):
        record = self.again()
        record.revision += int(self.draw.random() * 2)
        if self.draw.random() < 0.5:
            record.poison = True
        else:
            record.full = True
        self.send(record)
        if self.draw.random() < 0.5:
            genuine = record.copy()
            genuine.poison = genuine.full = False
            self.send(genuine)

    def wait(self):
        chance, draw = self.draw.random(), self.draw
        days = (draw.random() * 3 if chance < 0.6 else self.world.window + draw.randint(-2, 2) if chance < 0.85 else 60 if chance < 0.92
                else 366 * self.world.years + draw.randint(0, 200))
        self.at += int(DAY_MS * days)

    def commit(self):
        self.commands.append("commit")
        self.since_commit = []

    def fail(self):
        """The transaction is aborted and its records are read again."""
        again = [record.copy() for record in self.since_commit]
        self.commands.append("abort")
        self.commands += again if self.draw.random() < 0.9 else again[:-1]

    def change_control(self):
        self.commit()
        self.world = self.worlds[1 if self.world.version == 0 else self.draw.choice([0, 2, 3, 1])]


HAPPENINGS = [(Life.new_item, 4), (Life.replay, 8), (Life.revise, 14), (Life.be_late, 5), (Life.take_place, 5), (Life.repeat_words, 9),
              (Life.repeat_elsewhere, 9), (Life.change_status, 3), (Life.follow_up, 24), (Life.edit, 4), (Life.send_spoilt, 7),
              (Life.send_flawed, 6), (Life.send_wrongly, 6), (Life.go_astray, 3), (Life.meet_trouble, 2), (Life.wait, 5), (Life.commit, 6),
              (Life.fail, 3), (Life.change_control, 3)]
WHEEL = [happening for happening, weight in HAPPENINGS for _ in range(weight)]


def live(seed, number, worlds, shapes, signed=False):
    """The commands of one life: records, "commit" and "abort"."""
    draw = random.Random(seed * 1_000_003 + number)
    life = Life(draw, worlds, shapes, signed)
    if draw.random() < 0.12:
        life.nonces = 100
        life.follow_up_early()
    life.new_item(status=ACTUAL if draw.random() < 0.9 else EXERCISE)
    for _ in range(int(draw.random() * 8)):
        WHEEL[int(draw.random() * len(WHEEL))](life)
    return life.commands


def judge(commands, counts):
    """What the driver is told, and what it must answer to each record."""
    lanes = [Lane(i, counts) for i in range(LANES)]
    told, expected = ["L\n"], []
    for command in commands:
        if command == "commit":
            told += [f"c {i}\n" for i in range(LANES)]
            for lane in lanes:
                lane.commit()
        elif command == "abort":
            told += [f"a {i}\n" for i in range(LANES)]
            for lane in lanes:
                lane.abort()
        else:
            told.append(command.line())
            expected.append(lanes[command.lane].decide(command))
    return told, expected
