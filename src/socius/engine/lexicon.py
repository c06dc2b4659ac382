"""Words of praise and complaint in English, chosen and weighted by us: -3 to 3. Nothing was taken from another list."""

from __future__ import annotations

GRADES = {
    3: """adore amazing awesome best brilliant excellent exceptional extraordinary fabulous fantastic flawless
    incredible love loved loves loving magnificent marvellous marvelous masterpiece outstanding perfect perfection
    phenomenal sensational spectacular splendid stunning superb wonderful yay 😍 🥰 😻 🎉 ❤ 💕 💖 💙 💚 💛 💜 🔥""",
    2: """accurate admire amused appreciate appreciated attractive beautiful beauty blessed bravo caring celebrate
    charming cheerful congrats congratulations cool cute delicious delight delighted delightful eager easy efficient
    elegant enjoy enjoyed enjoying enjoyable enthusiastic epic excited exciting fair fast favorite favourite fresh friendly
    fun funny generous genius glad gorgeous grateful great happy happiness heaven helpful hero hilarious
    honest honored honoured hooray impressed impressive innovative inspiring joy keen kind laugh lovely lucky luxury
    nice pleasant pleased pleasure positive praise pretty pride proud pumped quick recommend recommended refreshing reliable
    reward rocks satisfied smart smile smooth solid strong stoked success successful super sweet talented terrific
    thank thankful thanks thrilled thx treat triumph trust trustworthy valuable victory vibrant welcome win winner
    winning wins won worth worthy wow 😀 😃 😄 😁 😊 🙂 😎 👍 👏 🙌 💪 🥳 ✨ 😘 ♥ 💯 🏆""",
    1: """able better brave bright calm clean clear comfortable convenient correct creative enough famous finally
    fine fixed free good gain haha hope hopeful hopefully improve improved improvement improvements interesting legend lol looking
    forward lmao okay peaceful popular progress promising ready relaxed relief resolved safe sharp simple solved
    special support supported tasty useful warm well yes 😂 🤣 😉 🙏 ☺ 😋""",
    -1: """afraid alone annoy anxious boring busy cheap closed complicated concern concerned confused confusing
    cost cry crying dark delay dirty doubt dull empty expensive forgot harder heavy ill issue issues lack late
    limited lonely lose losing mess miss missed missing mistake nervous no noise nothing odd old overpriced
    problem problems sad shame sick slow sorry stop stuck tired trouble ugh unable unclear unfair unhappy
    unlikely unsure waiting wait warning weak weird without worried worry 😕 😐 😒 🙄 😬 😓 😩 🤔""",
    -2: """abandoned abuse accident accuse accused against aggressive angry annoyed annoying apology arrest arrested
    ashamed attack attacked awkward bad banned betrayed blame blood bother broke broken bug bugs bullshit burn cancel
    canceled cancelled careless chaos cheat cheated complain complained complaint complaints corrupt corruption crash
    crashed crashing crazy crime criminal cruel damage damaged damn danger dangerous dead death defect defective
    delayed delays denied deny depressed depressing destroy destroyed difficult disappoint disappointed disappointing
    disappointment dishonest dislike dumb embarrassed embarrassing error evil excuse fail failed failing fails failure
    fake fault faulty fear fight fighting filthy fool forced fraud frustrated frustrating frustration greed greedy
    guilty harm hell hurt hurts idiot idiots ignore ignored ignorant illegal incompetent inept jail joke kill killed
    killing lame lawsuit lazy liar liars lie lied lies lost lousy mad mean misery misleading negative neglect
    nonsense outage outrage overcharged pain painful panic pathetic pissed poison poor poorly protest racist refuse
    refused regret rejected ridiculous rip rude ruin ruined scam scandal scared selfish shit shut sue stole stolen
    strike stupid suck sucks suffer suffering terror terrorist terrorists threat toxic tragedy tragic ugly unacceptable
    unhelpful unprofessional unreliable upset useless victim victims violence violent war waste wasted wrong 👎 😠 😞 😢 😭 😔
    😡 💔 😣 😫 😤""",
    -3: """abysmal appalling atrocious awful catastrophe despicable disaster disastrous disgrace disgraceful disgust
    disgusted disgusting dreadful garbage hate hated hateful hates hating horrendous horrible horrific horrifying hideous
    infuriating loathe murder murdered nightmare pathetically revolting shameful shocking sickening terrible terribly
    trash vile worst 🤬 🤮 🤢""",
}
NEGATORS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "neither",
        "nor",
        "cannot",
        "without",
        "hardly",
        "barely",
        "nobody",
        "nothing",
        "nowhere",
        "isn",
        "wasn",
        "aren",
        "weren",
        "don",
        "doesn",
        "didn",
        "won",
        "wouldn",
        "shouldn",
        "couldn",
        "can",
        "haven",
        "hasn",
        "hadn",
        "ain",
        "dont",
        "doesnt",
        "didnt",
        "cant",
        "wont",
        "isnt",
        "wasnt",
    ]
)
# `can` and `won` negate only where the next token is the `t` of `can't` and `won't`.
SHORT = frozenset(
    [
        "isn",
        "wasn",
        "aren",
        "weren",
        "don",
        "doesn",
        "didn",
        "won",
        "wouldn",
        "shouldn",
        "couldn",
        "can",
        "haven",
        "hasn",
        "hadn",
        "ain",
    ]
)
# They turn what is done or said; the others (`no`, `nobody`, `without`) deny a thing, and only the word beside them.
CLAUSE = SHORT | {"not", "never", "cannot", "hardly", "barely", "dont", "doesnt", "didnt", "cant", "wont", "isnt", "wasnt"}  # fmt: skip
STRONGER = frozenset(
    {
        "very",
        "really",
        "so",
        "too",
        "extremely",
        "absolutely",
        "totally",
        "completely",
        "super",
        "incredibly",
        "such",
    }
)
WEIGHTS = {word: grade for grade, words in GRADES.items() for word in words.split()}
