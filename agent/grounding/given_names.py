"""Common given names, to tell a person from a company. In lower case; from public name statistics."""

from __future__ import annotations

_NAMES = """
tyrell tyree darius demetrius jermaine lakisha ebony aaliyah malik omari kareem jamar andre antonio carlton cedric
clarence
james mary robert patricia john jennifer michael linda david elizabeth william barbara richard susan joseph jessica
thomas sarah charles karen christopher lisa daniel nancy matthew betty anthony margaret mark sandra donald ashley
steven kimberly paul emily andrew donna joshua michelle kenneth carol kevin amanda brian dorothy george melissa
timothy deborah ronald stephanie edward rebecca jason sharon jeffrey laura ryan cynthia jacob kathleen gary amy
nicholas angela eric shirley jonathan anna stephen brenda larry pamela justin emma scott nicole brandon helen benjamin
samantha samuel katherine gregory christine frank debra alexander rachel raymond carolyn patrick janet jack catherine
dennis maria jerry heather tyler diane aaron ruth jose julie adam olivia nathan joyce henry virginia douglas victoria
zachary kelly peter lauren kyle christina ethan joan walter evelyn noah judith jeremy megan christian andrea keith
cheryl roger hannah terry jacqueline gerald martha harold gloria sean teresa austin ann carl sara arthur madison
lawrence frances dylan kathryn jesse janice jordan jean bryan abigail billy alice joe julia bruce judy gabriel sophia
logan grace albert denise willie amber alan doris juan marilyn wayne danielle elijah beverly randy isabella roy
theresa vincent diana ralph natalie eugene brittany russell charlotte bobby marie mason kayla philip alexis louis lori
oliver liam lucas mia amelia harper ella aria chloe lily zoe nora hazel ellie stella lucy claire owen caleb isaac luke
hunter connor evan simon ian graham nigel fiona alistair callum rory hamish eilidh siobhan aoife niamh ciaran declan
gareth rhys bronwen ada ben tom sam tim dan jim bob bill mike dave steve chris nick matt alex max leo theo felix hugo
oscar otto emil anton karl hans jan klaus jurgen jürgen wolfgang stefan stephan andreas matthias markus sebastian
tobias florian lukas jonas finn moritz anja katrin katharina sabine petra monika ursula ingrid heike greta frieda lena
lea johanna friederike annette birgit pierre jean-pierre jacques michel philippe alain nicolas julien antoine mathieu
camille chloé léa manon sophie isabelle amélie élodie céline juliette margaux giovanni giuseppe marco luca matteo
francesco alessandro lorenzo giulia chiara francesca elena martina sofia valentina paola carlos luis miguel javier
alejandro fernando diego pablo sergio manuel antonio francisco jorge ricardo eduardo rafael pedro lucia lucía carmen
isabel pilar marta ana beatriz ines inês joão joao tiago rui paulo bruno rodrigo thiago gabriela camila fernanda
juliana larissa leticia piotr pawel paweł tomasz krzysztof andrzej marcin jakub katarzyna agnieszka magdalena joanna
zofia ewa ivan dmitri dmitry sergei sergey vladimir alexei aleksandr nikolai mikhail olga natalia svetlana tatiana
irina ekaterina yuri oksana taras andriy lars erik nils bjorn björn sven magnus henrik anders mikael johan astrid
sigrid freja freya linnea annika maja mette kirsten søren rasmus mads kari aino mikko jukka pekka matti eeva anneli
kaisa janne tuomas mehmet mustafa ahmet ali hasan hüseyin ayşe ayse fatma emine elif zeynep merve murat emre can omar
ahmed mohamed mohammed muhammad hassan hussein khalid youssef yusuf ibrahim fatima aisha layla leila noor amina mariam
zainab samira karim tariq rashid nadia yasmin raj rajesh ravi amit sanjay vijay anil sunil rahul rohan arjun vikram
priya anjali pooja neha deepa kavita lakshmi sunita ananya aditi meera divya wei li ming jing xin yan mei hui jun lei
fang yu chen hiroshi takashi kenji yuki haruto sakura yuko akiko naoko satoshi keiko min-jun ji-woo seo-yeon hyun jin
soo minh anh nguyen linh thanh hoang kwame kofi ama akua chidi chinedu ngozi adaeze oluwaseun tunde amara thabo sipho
nomvula themba wanjiru njeri kamau abebe tigist selam maureen colleen marjorie rosemary geraldine yvonne yolanda
tamara tanya tara tina tracy vanessa vera veronica wendy marcus malcolm terrence tyrone darnell jamal lamar deshawn
latoya keisha tamika shanice imani ebony maya priscilla miriam naomi esther rosa elsa edith irene ivy june agnes mabel
minnie nellie opal pearl sylvia thelma velma wilma angus duncan fergus gordon stuart trevor clive derek barry kirk
kurt lance leon leonard lester lloyd marvin maurice mitchell morris neil norman reginald rex roland ross rudolph
rupert sidney spencer stanley ted toby todd tony travis troy vernon victor wade warren wesley wilbur winston yann yves
guillaume olivier thierry laurent sylvie nathalie dominique valérie veronique véronique benoît benoit etienne étienne
henri rené marcel odile solène
"""

GIVEN_NAMES = frozenset(_NAMES.split())
