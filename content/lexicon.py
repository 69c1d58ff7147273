"""Words of this field that stand for each other, as people write them: one group on each line.

Nothing here is of one question: whoever adds a group has to believe that it holds in any answer.
"""

from __future__ import annotations

# Forms of one word that the stemmer keeps apart. The first stands for all.
FORMS = """
accuracy accurate
addition add
analysis analyse analyze analyses analytic
axis axes
become became
begin began begun
behaviour behave
belief believe
break broke broken
bring brought
build built
buy bought
catch caught
child children
choose chose chosen choice
clarify clarification
classify classification
comparison compare
conclusion conclude
corpus corpora
criterion criteria
decision decide
defence defend
denial deny
description describe descriptive
division divide
draw drew drawn
drive drove driven
expansion expand
explanation explain
extension extend
failure fail
fall fell fallen
feed fed
find found
five 5
forget forgot forgotten
four 4
freeze froze frozen
frequency frequent
give gave given
go went gone
grow grew grown growth
hide hid hidden
hold held
hypothesis hypotheses
identify identification
inclusion include
index indices
justify justification
keep kept
know knew known
lose lost
make made
matrix matrices
maximum maxima maximal
minimum minima minimal
modify modification
multiply multiplication
notify notification
omission omit
one 1
optimum optima optimal
pay paid
predict prediction predictive predictor
proof prove proven
quantify quantification
response respond
ride rode
rise rose risen
run ran
see saw seen
seek sought
sell sold
send sent
shrink shrank shrunk
simplify simplification
speak spoke spoken speech
specify specification
spend spent
stand stood
steal stole stolen
take took taken
teach taught
tell told
ten 10
tendency tend
think thought
three 3
throw threw thrown
two 2
uncertainty uncertain
understand understood
unify unification
variation vary
verify verification
vertex vertices
win won
write wrote written
"""

# Words that may say the same, each with each of its line. A word may stand in several lines; what it shares
# with one says nothing of the others.
EQUAL = """
accept approve agree
act action behave
action act
adapt adjust tune tailor customise
add sum plus append
additional extra further
again anew repeat twice
agree consensus agreement concur
alarm alert
alert alarm warning notify
align match
all every each everything entire whole complete full total everyone
allocate reserve
allow permit permitted let enable
almost nearly practically virtually
alphabet script
always every
amount quantity volume number
anchor reference
annotate label mark
annotator labeller rater labeler grader reviewer
answer reply response output
apart distinguish
appear show
approve confirm consent permission
area region domain
argument parameter input field
arithmetic maths math calculation compute flops
arrange order place
artist designer creator
ask request question query prompt
aspect feature side
assert claim
assume suppose
astray derail wrong
attack exploit adversary attacker
attacker adversary hacker
attend look
attention attend
automatic automatically
automatically machine
auxiliary extra additional
average mean
average typical
avoid prevent
bad worse worst poor
balance even equal uniform
balance mix
bandwidth speed
batch group
beat outperform win better
before beforehand advance earlier ahead already
begin beginning start front
behave act behaviour
believe think
belong part
bias prejudice skew
big large huge massive enormous vast bigger larger giant long
bill price
block prevent stop
block tile
blur coarse fuzzy unclear
boost raise lift
boring bland generic
boss orchestrator lead manager coordinator
both two together
bottom lowest
boundary border edge
brevity short concise
brief short
briefing instruction
briefly short
broad general wide
bucket group
budget limit money
bug mistake
build construct make create
buried middle
burn cost waste
busy overloaded
call invoke
canary gradual
cap limit ceiling
capability skill
capacity quota limit
caption description text
carry hold
case example situation
cash money
cause lead create produce
cell cluster bucket
cent money
centre middle
certain sure
chance probability likelihood odds likely probable
change alter modify adjust edit update shift vary
chat conversation dialogue
cheap cheaper inexpensive affordable
cheap saves save saving
cheat game exploit hack
check verify test validate inspect confirm examine review
checker verifier test judge
checkpoint save
choose pick select selection prefer decide
chop cut
chunk passage snippet paragraph excerpt piece
cite quote reference
claim say assert
clash conflict contradict inconsistent
class category label
clean tidy
clear obvious unambiguous
clip limit cap
close near nearby neighbour adjacent next
close shut
clue signal
cluster server
clutter noise distract
code script program
collect gather
combine merge join mix fuse blend together unite joint
common frequent usual typical popular
compact dense
company business firm
compete rival
completely fully entirely
complex complicated
compress squeeze shrink smaller
compress summary
compromise average
compute calculate work
concern issue
condense shorten
conflict contradict clash
confuse muddle
connected linked related
consistent steady stable
constant steady always
contain hold include
contaminated leaked seen
continue go proceed resume
control manage
conversation chat dialogue talk
copy duplicate replica clone copied
corner edge
correlated related dependent
cost penalty
cost price money expense expensive dear costly bill
count number tally
cover include span
crack solve
cram squeeze pack
crash die failure
create make generate produce
creative inventive
crowd flood fill
crude rough
curate select filter
curve plot graph
daily day
damage destroy ruin
danger risk hazard
date time
day date
decay shrink regularise
decoupled separate apart
deep depth
defence protection
degrade worse decline deteriorate suffer
dense full
depend rely
deploy release ship
design plan
detail specific fine
detect spot notice recognise catch
detour waste
device gpu card machine chip node
devote spend
different differ distinct various differently other another vary difference
digit number
dimension width size
direct straight
direction way
dirty noisy
disagree conflict contradict differ
disk drive storage
distance far gap
distant far
distant long
distil imitate
distinguish differ separate
distract confuse mislead
diverse varied different various variety
divide ratio per quotient
doctor physician clinician radiologist
document text page file article
dodge avoid
dollar money
domain field area
dominate swamp drown outweigh
double twice two
doubt uncertain
draft proposal version
drag pull
drift stray wander
duplicate overlap
earlier previous prior before past
easy simple simpler easily straightforward
eat use take cost
edge border boundary end
embedding vector representation
empty blank
encode represent
end finish final last finally
endless infinite unlimited
engage use
enough sufficient suffice
ensemble vote
ensure guarantee
entirely fully
error problem issue
escape avoid
essay story poem writing
estimate approximate approximation
even uniform flat equal
everyone everybody
evidence proof
exact precise exactly precisely accurate accurately
example demonstration sample case instance illustration shot
execute run perform
expensive dear dearer costly pricey pricier pricy
explain reason justify explanation
explode blow
external outside
extra additional more further
face facial expression
fact truth information
fade vanish shrink disappear die weaken
fail failure break crash breaks
fake fabricated bogus invented
fake generated synthetic
far distant away
fast quick faster quicker speed rapid quickly speedy
feature property attribute
fee price cost
feeling emotion mood sentiment
fetch load read retrieve get
fill occupy
film video clip
filter screen sieve select
find discover detect spot locate
fine small
finish complete
finish end
first initial beginning start earliest
fit match suit
fixed constant static unchanged frozen
flattery sycophancy please agree
flip turn invert swap
flood swamp
fluke luck chance accident coincidence
focus concentrate
folder directory
follow use
forbid ban prohibit disallow
force make
foreign unknown new
forever endless always
forget drop
forget lose
format form layout structure
free cheap
free idle
freeze frozen fixed
fresh new recent
full occupied
fully complete
further additional
gain benefit improvement advantage profit
gap hole
gather pool
general generic broad
generalise transfer
generate produce write create
glue merge join
goal aim objective target purpose
good better best
gpu accelerator tpu card gpus
gradient slope
gradually slowly progressively
grounded supported faithful
group cluster bucket
guarantee ensure promise
guard filter
guard protect
guess estimate assume predict
guide lead
habit pattern
half halve halves
hallucinate invent fabricate
hand manual
handful few
hang freeze stuck
happen occur appear
hard difficult tough challenging tricky
harmful dangerous unsafe harm
head front
heading title
heavy big
help improve assist benefit aid
hide conceal mask
high height
high higher big large
hint clue
hog dominate
hold contain
hospital clinic site
hour time
human people person manual annotator rater expert
hurt harm damage degrade worsen
ideal perfect
idle empty
idle unused wait
ignore disregard overlook neglect
imitate mimic copy
important relevant matter crucial key significant essential
improve better increase enhance boost gain
include contain
increase raise grow rise higher climb more bigger boost lift
independent separate unrelated
information info knowledge content detail
input prompt
inside within internal
instant immediate quick
instruction command order directive
interconnect network link bandwidth
internal inside
internet web network online
invent fabricate hallucinate imaginary
invite call
involve need include
irrelevant unrelated
isolate separate
isolated separate
issue problem fault
item entry example
job task
jot write note
judge grade rate assess evaluate score rater
jump leap sudden
just only
keep stay remain retain preserve hold unchanged
keyword term lexical
kind type class category
know knowledge
label tag annotation
latency delay wait waiting lag
later afterwards after subsequently
law legal regulation
layout structure
leak reveal expose
learn pick acquire
learned trained
leash penalty
left remaining
leftover remaining
legal law
length long size
length size
less fewer few lower smaller reduce decrease
letter character
level layer
licence copyright
likely probable probability plausible
limit bound cap maximum restrict
linear proportional proportion linearly
link connect connection tie url
list table
little few hardly barely scarcely
live production
llm model
load fetch read bring
lock block
log trace record history
logic reason
long length
look watch view
loop iterate repeat
lose worse
low lower small little
luck chance lucky
machine server computer host
mainly mostly chiefly
majority most
make produce
malicious hostile evil harmful
manage able
manually hand human
many several multiple lots numerous plenty much more various
mask hide blank
match agree correspond align
maximum max limit
meaning semantic sense semantics
measure metric score evaluate
memorise rote recite
message chat
method technique way
middle centre halfway
minority rare few
minute time
mirror copy imitate
miss missing lack absent lacking
mistake error fault slip failure bug flaw
mix blend interleave combine
model network llm
monitor observe track
most majority mainly mostly
move shift transfer
multiply times product
narrow restrict
near closest nearest neighbour
nearby local
need require demand necessary
neighbour adjacent
neighbourhood local window
network model
new fresh novel unseen
noise noisy junk
nonsense rubbish garbage gibberish junk
norm size magnitude length
notepad scratchpad paper note
notice see spot
nudge push
nudge shift bias
number count amount quantity
obey follow comply
obvious plain
occupy fill take
occupy use
occur appear
often frequent frequently common usually regularly repeatedly
old outdated stale past
once immediately instantly straight
only solely merely just alone purely
open public
opinion view judgement
opposite contrary reverse
order arrange sort
order sequence ranking
original new creative
other another rest
outbound egress external outside
outcome result
outperform beat better
output answer result
outside external beyond
overfit memorise
overflow excess surplus
overflow inf
overload overwhelm flood swamp
overlook miss missing neglect
oversized big
overtake beat
own private
pack squeeze fit
paragraph section
parallel simultaneously concurrently
paraphrase rephrase reword
part share fraction portion proportion percentage percent ratio
partial half
partial part
partly partial
pass forward hand
password credential secret key
path route way
pattern map distribution
pattern structure
peak maximum
penalise penalty
penalty punish
penalty term loss
perfect flawless
period time
permission access right privilege allowed
person user
picture image photo pictures visual
piece part chunk bit fragment section segment slice portion
piece token
pin lock fix
pinpoint locate find
place location position spot
plan strategy
plug fill
point spot
polish refine
popular busy overloaded favourite
position place location
positive alarm flag hit
predict forecast guess anticipate
prefer preference like
prevent stop avoid
private personal confidential
problem issue trouble
product multiply
program application app software code
promise guarantee
prompt instruction input
proportion ratio share
proposal suggestion
protect guard defend shield
public published open
publish release public
pull draw
punish penalise
pure only
push force
puzzle riddle problem
quality good
quarter four
question query request
queue wait
quote cite citation
ram memory vram hbm
random chance randomly luck arbitrary sample
rank sort order ranking
rare seldom infrequent uncommon unusual rarely
rarely seldom
read fetch load
read reread
real genuine true
reason cause
rebuild reconstruct restore
recap summary
recent latest newest last current
recheck verify
recognise identify detect
recommend suggest
record log write note journal
redo repeat again
reduce lower decrease shrink cut drop fall lessen diminish reduction less
refine improve polish
reflect represent
refuse decline reject deny
region area part
regularise penalty
regularly daily
reject decline refuse
relation relationship link
release ship publish
relevant related useful
reliable trustworthy dependable
rely depend trust
remaining left rest
remember memorise recall retain memory memorize
remove delete discard drop cut prune throw eliminate strip omit exclude filter
repeat duplicate copy again redundant same
replace substitute swap
reply respond response
representation embedding encoding feature
request call query
require depend
rerun repeat again
rescale scale
rescale scale normalise
resend repeat
reserve allocate book
rest remaining other
restart resume recover
restore recover
restrict limit constrain
result outcome output
resume continue
resume reload
retrieve fetch find search
retry repeat again
reuse again
reuse share
reveal disclose
reverse flip invert
reward score prize
rewrite edit
rewrite rephrase reword paraphrase
right correct true proper accurate valid
rollback revert undo
rollout sample attempt answer
room space capacity
rotate rotation turn
rough coarse crude
roughly approximately approximate nearly
round loop iteration turn cycle
round truncate
rule policy
run execute perform carry
safe secure harmless
same identical equal unchanged alike equally
sandbox isolate
sarcasm irony
say state tell express write
scale multiply
scan film xray radiograph
scatter spread
schema format structure
score rating rate grade mark points
search lookup find look
second time
secret private confidential hidden
see look view observe
self own
send transmit pass
sense meaning
sentence phrase statement
separate apart alone independent individual own isolated
separate split divide
set collection
setting option configuration hyperparameter
settled stable sure
several few couple
shadow parallel
shape form
shard slice
share reuse common
share split
short brief concise
shortcut path
shorten cut
shorter less fewer
show display reveal expose
shrink compress smaller
side edge
side half
signal feedback
silent unnoticed
similar alike close near resemble like
similarity match compare
simple plain basic
single one sole individual alone
size big length dimension
skew bias tilt
skill ability capability
skip omit leave ignore
skip shortcut
slightly little
slope gradient derivative
slow slower sluggish slowly
slow wait waiting takes
small little tiny smaller minor compact short
smooth gradual continuous
solve answer crack
someone somebody people person human
sort kind type
sound audio speech voice acoustic
source reference origin
space room
span cover
sparse few
speak talk
speaker person voice
specific particular
spelling letter
spend cost pay use
spike peak burst
spill leak
spin rotate turn
split divide cut chop slice break partition chunk segment shard
spoil corrupt perturb distort break damage
spot error find
spot place
spread variance scatter distribution range
square quadratic squared
squeeze compress
stable steady robust unchanged
stack layer
staff people
stale outdated
start begin initial launch
starve neglect lack
statistic history estimate
std deviation variance
steer guide control direct
step stage phase turn
stop end halt finish quit terminate
store save keep record persist cache storage stored
straight direct directly
straightaway immediately
strange foreign unknown
strange odd unusual weird
strong powerful
strong strength
structure format form
stuff fill pack
style tone format form
subject topic
subtract minus
succeed success pass
sudden abrupt jump
suffice enough
sufficient enough
suggest propose recommend
sum total add
summarise compress shorten
summarise condense
summary summarise condense
sure certain confident
swallow take
swap exchange switch replace
switch swap change
syllable piece
symbol character token
synchronise wait
synonym paraphrase
system application program
table lookup dictionary
tail rare
talk speak chat
target label truth
task job work
taste judgement preference
team staff
tell distinguish
tell say inform
template format
test evaluate eval evaluation exam benchmark try
text words writing wording prose passage
thick wide
thin narrow
think reason ponder
threshold bar border
threshold cutoff
throttle limit slow
tidy organise
time moment
times multiply
together joint jointly both
token word
tokens pieces
tone style manner voice
tool function
top highest
topic subject theme
toxic harmful offensive
trace follow track
train learn teach training trained
trajectory path route
transfer send copy
translate translation
travel move
trick fool deceive mislead cheat
trivia fact
trouble problem
trust rely
try attempt trial attempts
tune train finetune
turn rotate
underflow zero vanish
undertrained short
undo back
undo reverse revert
uneven skewed unbalanced imbalance lopsided
unlikely improbable
unlimited endless
unseen unknown new
unstable diverge explode
unsure uncertain
unused idle
update adjust refresh
upweight oversample
use apply employ utilise usage
useful helpful
useless pointless worthless
user customer member client visitor
usual normal ordinary standard typical regular
vague unclear ambiguous
vanish disappear
variance deviation spread
varied diverse
variety diversity diverse
vector embedding
verbose long wordy
verifiable checkable
verify verification check
view opinion
vision visual image
vote majority
want wish desire intend
warning alert
waste wasted useless
watch monitor observe
way method approach
weak poor
week time
weigh weight
weight parameter
whole entire complete full
wide broad
wide width
width wide dimension
wild noisy chaotic
win beat
window span
word term token wording
wordy long
work effort
work succeed
worker subagent agent
worry concern
worth value
wrapper program
wrong incorrect false mistake error mistaken bad erroneous inaccurate
year annual
"""


def groups(written: str) -> list[list[str]]:
    """The words of each line."""
    return [line.split() for line in written.split("\n") if line]
