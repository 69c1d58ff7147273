"""Real words that are one letter from another which this field uses: none of them is a slip of the other."""

from __future__ import annotations

from content.stems import listed, stem

WRITTEN = listed(
    """accent accept adapt adapter addition admin admit adopt adopter after alike alive along alter among
    another anything audio audit back base below bend bias bite bits black blank blend blind block blow
    bridge bring build byte cache care case casual catch causal cause chance change charge chart chat
    cheap cheat chip clash class clause clean clear click clock clone close code codec coherent come
    common compete complement complete complex compliment component compute cone confidence config
    consent contact contain content contest context contiguous continue contract contrast converge
    conversation convert core cover crash create crop cross cure curve decay decide decision decode
    delay diverge diverse domain dominate double doubt down draft drag draw drift drown enter entire
    event every expect experiment expert face fact fail fake fall feed feel file fill filler film filter
    fix flip flop flow focal free freeze general generate generative grade head hear heard hold hole
    idea ideal identical infer inference inherit inner internal interval join joint latency latent later
    latest layer lead leak lean learn least leave lies like line link list load local logic logistic
    logit look loop loyal maker mark marker mask master match math maths matrices matrix matter mean
    media medical memory mess metric minus minute miss missing misuse modal mode model moderate move
    near nearly node note older online only order pace pack page pass paste patch path patience patient
    pause pays person persona personal phase phrase pick pitch place plain plan plane plant plate play
    point precise prefill prefix present prevent print produce product profile project projection
    protect prove quantify quantity query quick rate rater rather ratio reach react read ready recall
    recent receptive recipe recite record recover redundant refuse relative relay remove repeat replace
    replay reply rescale retention return reuse reverse revert reward reword role root rule sample save
    saving says scale scope score scorer seed seem self send sent serve server several shape shard share
    sharp shelf shingle short shot shown side sight simple simulate single sit site size skill slice
    slight slot small space spare sparse speed spell spend spill split spot stable stage stale stall
    stare start starve state stay stem step still stop store storm story strange string strong stuck
    stuff style suit swamp swap tail take taken talk task tend test text thin thing think though thought
    three threw tie tile time token topic trace track trade trail train trait trend trial trick trip
    trust tune turn typical unfit unit user uses vague value variance variant wait want weight white
    wide wild word work world worse worst would write"""
)
# In any form: "layers" is one too.
LOOKALIKES = WRITTEN | frozenset(map(stem, WRITTEN))
