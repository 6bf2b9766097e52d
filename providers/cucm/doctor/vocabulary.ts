/**
 * The words that may leave: of what CUCM's CLI, SOAP services, REST interface and pages say, of its database's tables
 * and columns, and of what we ask. No word that names a place, a company or a domain; those that are names of people,
 * too, leave only in what we ask ({@link PEOPLE}).
 */
const VOCABULARY: ReadonlySet<string> = new Set(
  `
abort aborted aborterror about above absent absolutepath accept accepted accepts access account accounts
ack across act action activated active activegk activeloadid activelog adapter add added addr address
addresses admin administration administrative administrator adminstrative advanced aes aes128 aes192
aes256 affect after afterwards again against agree agreement ahead alert algorithm algorithms align
aligned alive all allocation allowed allows alone along already also alt altered alternate altgklist
although altname always ambiguous among amp an and anew another answer answered answering answers any
anybody anywhere apache apart api apos app append application applicationserver applied apply applyphone
appnav archive archiveleftovers are argument arguments array arrived as asc ascend ask asked askers
asking asks assumed assumption ast at ata attempting attempts attribute attributes auth authenticate
authenticated authenticating authentication authenticationauthorization authhandler authority
authorization authorized auto automatic available awaited axis axisfault axl axlapi axlcode axlerror
axlmessage axlrefusal axlsqltoolkit back backspace backspaces bad bare base base64 basic be became
because been before begin beginning begins begun behind being believed belongs below beside besides
better between beyond big bin binary bip bit bits blame board body boolean border bot both bothinstalled
boundary bounded box boxproduct br broke broken brought browser budget buffer bug builds bulk
bulksftporder bulkunit busy busyerror but button buttons buy by byte bytelength bytepos bytes ca cache
cached call called caller callmanager callmanagerec callmanagergroup callmanagergroupmember
callmanagergroupname callmanagers callmanagertftp calls callsignaladdr came can caname cancelled
candidates cannot cap capability capf capitals caption careful carries carry case categories ccm cell
cells center cert certificate certificatectlcache certificatedbcache certificatedelete
certificatedownload certificateedit certificatefindlist certificatehashmap certificateprocessnodemap
certificates certificateservicecertificatemap certificatetrustrolemap certificateupload certmgr certs
cfg cgi chain change changed changes channel character characters charset check checked checks
checkserveridentity checksum checksums child children choice choices chooses chosen chunk chunks cipher
ciphers cisco class clause clear cli click client clientandkey clients clocks close closed closing
cluster clustererror clusters clustersecuritymode cm cmdevices cmnodes cmplatform cmselectioncriteria cn
cnf cns code codes col collection collector colname colons colspan column columns come comes command
commandcount commanded commandeddown commanderror commands common communication communications compare
compared compares complains complete completed completes compliant component componentversion compress
concerned concerns concurrency conf config configfilecachelist configname configuration configurations
configured confirm confirmation confirmations connect connection connections console consolelog
consolidate consolidated consolidating consolidation constructs consumed contacted contain content
context continue contracts control controlcenterservice controlcenterservice2 controlcenterservices
controllable controlservicerequest controltype cookie cookies coordinate correct cost costs could count
counted counts cpu create created credential credentials criteria critical cross cryptography cscuy csr
cti ctimanager ctl ctlclient ctlfile ctlinstalled ctr ctrl cucm cues cuesbutton cuesloginbutton
cuestablerow current curve curves cuy dash data database dataencipherment datahandler date dates day
days db dbcache dbpub dbsub dchannel dd deadline deadlineerror debug debugging decides declaration
decode default defined delete deletebutton deletecommand deleted deletes deleting delimiter deliver
demand demands denied depend dependent depends deploy deployment der des desc description detail
detailed details device deviceclass devicelog devicelogx devicename devicepool devicepoolname
deviceresettype devices devicesecuritymode dhcp dhcptimeout dial did differ different diffie digest
digestalgortithm digital digitalsignature digits dime dimegetfileservice dir director directory
directorynumber dirnumber disabled disagree disk disposition distinct distinguished distribute
distribution div dl dnsname do docs doctype document documented dodevicereset does don done dotted
doubled doubt down download downloadbutton downloadfailurereason downloadserver downloadstatus
downloadto downloadtoclient dt dtd dual dump dumped dumps duplicate during each eai earlier early ec
ecdsa echo echoed econnaborted econnrefused econnreset edit ehostunreach eight either element elements
elliptic else elsewhere em empty emulator en enable enabled enc encipherment encoding encrypted
encryptedconfig encryption encrypts enctype end ended endian endpoint ends enetunreach enforce engineer
enotfound enough enrolled enter entered enterprise enterprisewidedata entities entries entry enum env
envelope eof epipe epoch equal erase erasing err error errors escape escaped escaping etimedout etoken
ever every everybody everything evidence exactly exceeded exception exchange exchanges exec execute
executed executesqlquery exist existing exists exit expand expected expiration expired expires explains
export exported exporting exports expression ext extended extension extensions facade fact fail failed
fails failure fallback falls false family far fast faster fault faultcode faultstring feature features
fetch fetched fetches fewer field fields fieldset file filefield filename files fileselectioncriteria
filesize fill filled fills final find finds fingerprint finished fips firewall first fkcallmanager
fkcallmanagergroup fkcertificate fkdevice fkprocessnode fleets flush folder folders followed follows
font for forbids forces forecast forgets form format formed former forms forward found fqdn frame
frameset free frequency from fromdate fsetstat fstat full function further gb generate generated get
getccmversion getcertificateinformation getonefile getonefileresponse getphone getserviceparameter
getting gettvscertificate gi give given gives gk gmt go goal goes gone good grace gracems granted
grayback group groupname groups grow gt guess gui guide guides h1 h2 h3 h4 had hand handle handler hands
handshake hang happened hard has hash hashes have head header headerlength headers height held hellman
here hex hidden high higher hit hold holds home host hostkey hostkeys hostkeysha256 hostname
hostverifier hours how however hr href hs html http httpd httponly https httpserver id ident identified
identifier identities identity idle if iframe ignore ignoreattributes ignoredeclaration ignorepitags
image img import imported importing imports importunit in inactive inactiveloadid include included
incoming incorrect inferred info information inner input insensitive inside installation installed
instead inter interactive interface internal interrupted interval into invalid ip ipaddress ipaddrstr
ipaddrtype ipsec ipv ipv4 is isactive iscticontrollable ishardreset issignedby issued issuer issuername
issuers issues it item items itl itlfile itlinstalled itlrecovery itls itlstatus itlstatuscurrent
itlstatusother itlstatusquery its itself jabber java javascript job jobtype join jsessionid
jsessionidsso json just keep keepalive keepaliveinterval keeps keepsession kex key keyagreement keyboard
keycertsign keyencipherment keygen keys keyusage kind kinds know known knows label lacked lacks large
larger last lastanswer later latin latin1 leading leads leaf leak least leave leaves left leftovers
legacy legend len length less let lets letters level li library like limit line lines link links list
listdevicepool listed listener listening listens listing listings listpath listphone
listphonesecurityprofile listprocessnode listprocessnodeservice lists listtvscertificate literal
literally little live lives load loadinformation loads locale localkey lock locked log logcollectionport
logcollectionporttypeservice logcollectionservice logcollectionservice2 logged loggedin login loginpath
logins loginuserid logon logonform logout logs long longer longest look looked looking looks lookup loop
lost lower lsc lscissuer lscissuername lscs lstat lt mac machine made madmin magnitude maintenance major
make makes malformed management manager managers managing manual manufacturing many map markup master
match matched matching max maxbodybytes maxfilesize maximum maxreturneddevices maxversion may md md5
mean meaning means meanwhile megabyte megabytes member members memberships memory message messages meta
method methods middle migration milliseconds mime mimeboundary min minor minute minutes minversion
mismatch miss missing mixed mkdir mode model models modern modified modifieddate moduluscode moment
moniker monitoring more most move moving msg msgtype much multi multipart multiple must nactive name
named names namespace nav nbsp near nearly necessarily need needed needs negative negotiate neither
network never neverenrolled new newer newest newline next nno no nobody nobr nochange noconfiguration
noctl node nodeid nodename nodes nodetime nodeusage non none nor normal normalised noscript noshade not
notfound nothing nothingwaits notification notoffered now nowhere nowrap ns ns1 null num number numbers
numfiles numoflines object objects observation observations occurred oct octet odd oddly of off offer
offered offers offset often oid ok ol old older on once onclick ondemand one ones onload only onsubmit
op open openapi opendir opens openssh openssl operating operation operations optgroup option options or
order orderby orders os other others otherwise ou our ours out outcome outer output over own pace
padding page pagenumber pager pagers pages pagination pairs param parameter parameters paramname
paramvalue parents parse parser parsetagvalue parsing part partially partiallyregistered partitions
parts party pass passed passes password paste pasted pasteend path paths patience patiencems pattern
pauses peer pem per perf perfmon perfmonobject performing permission ph phone phonehttp phones
phonesecurityprofile phrase picks pin pinned pins pkcs pkcs8 pkid place places plain plan platform
platformcom please plugin plugins pns point points policy polled pool port ports position positive
possible post pre pre8 predefined prefix prepare prepend presence present press print prints priorities
priority privilege probe problem proceed process processconfig processed processentities processnode
processnodename processnoderole processnodeservice product products productsupportsfeature profile
programs progress prohibitive promise prompt proof properly protocol protocolside proven proves provider
proxy pty public publickey publisher publisheronly publishers pure purpose pushto put puts pv queries
query question questions quit quot quoted quotes raise raised ram rangeerror ras rasaddr rate
ratecontrol rationed raw rdns rea reach reaches read readdir readers reading readings reads ready
readytimeout real really realm realpath realtime realtimeandtracecollection realtimeservice
realtimeservice2 reason reasoncodestring reasoninfo reasonstring reatime record recordlength records
recovery redirections redirects refer reference references refresh refreshing refusal refuse refused
refuses refusing regen regenerate regenerated regeneration register registered registration
registrationattempts registrationdynamic reinstalled reject rejected rejects rejectunauthorized rel
related relative release releases reltext reltime remote remotecmserver1 remotecmserver2 remotecmserver3
remotefolder remotekey remove removensprefix removes rename renew renewal renewed repeated replace
replaced replaces replicate replication replicator reply report reported reporting reports req request
requestcert requested requesting requests required requires res reserved reset resetphone resets resolve
resolved resource responding response rest restart restarted restarting restartphone restarts
restservice result resultset retry return returncode returned returnedtags returns retype revoked
revokedcertificates right ris rises risservice70 role rolecount roles roll rollback rollbackfalse
rollbackparameter rollbacktopregrayback rollbacktrue room root round route row rows rowspan rowsperpage
rsa rsapublickey rubs rules run running runs said same sast save say says sccp schedule schedulelist
schema schemafileselectionresult schemas scope screenshot script scripts sdi search searchcriteria
searching searchingerror searchstr searchstring sec seclevel second seconds secret secrets section
secure secureconnect securely security securityconfigurationx securityprofilename see seen seenin select
selectby selectcmdevice selectcmdeviceext selectcmdeviceresponse selectcmdeviceresult
selectcmdevicereturn selected selection selectitems selectlogfiles selectlogfilesresponse selects self
send sending sends sent sentence sentences sep separates sequence sequences serial serialhex
serialnumber served server serverhostkey servername servers serves service serviceability
serviceinfolist servicelist servicelogs servicename serviceparameter services servicestart servicestatus
servicestop session sessionclosed sessionended sessionlost sessions set setoffiles sets setstat setting
settings settled settles setup several sftp sgn sha sha1 sha2 sha256 sha384 sha512 shake share shared
shell short shortened should show showed showhome showing shown shows shut side sign signal signaling
signature signaturealgoinfo signaturealgorithm signaturealgortithm signatureinfo signaturemodulus
signatures signed signer signerid signername signers signing signs silence silencems silent silentend
since single sip size skip slip slow slv snapshot snapshoterror so soap soapaction soapdocontrolservices
soapdocontrolservicesreturn soapenv soapfault soapgetservicestatus soapgetservicestatusreturn socket
sockets software solutions some somebody something soon sort sortcolumn sorted source sources space
spaces span spdefault speak speaks specific specified spell spelled spelling spellings spells spki sql
sqlerror ssh ssh2 ssl st stale staleconnectionerror stamp stamps stand standard stands stars start
started startedat starting starts starttime stat state stateinfo statement states static statistics
status statuspath statusreason stays step still stmt stop stoppable stopped stopping stops store stored
storefield stores str stream streaming string strong stronger strongest stumble style subject
subjectname submit subscriber success successful successfully such suffice suggest suggested suggestive
summary support supported supports sure surprises survive svc switch sync syntax syscolumns systables
system systemlogs systemnode tab tabid table tables tabname tag tags take taken takes talks target tbody
tcp td tech techprefix telepresence tell telling tells tens terminal tests text textarea textoffile
texts tftp tftpencryptedconfig tftphttp tftpnotauthorized tftptimeout th than that the thead their
theirs them themselves then there these they thing third this those though three threw through throw
throws time timed timeout timeoutms timer times timestamp timetolive timezone title
tkcertificateoperation tkcertificateservice tkcertificatestatus tkclass tkdeviceprotocol tkitlstate
tkmodel tknodeusage tkprocessnoderole tkservice tksupportsfeature tktrustrole tl tls tlsclienterror
tlsv1 tlv to todate today together token tokens told tomcat too took toolargeerror tostring total tr
trace tracelevel tracking trackingid transcript transcripts transfer transitional transport transports
travel tried trim trimvalues true trunk trust trusted trustlist trustlistfailed trustlistpages trustlistupdated
trusts try trykeyboard turned tvs tvscertificate tvshandlequerycertreq tvslinkerror tvsphonedecodemsg
tvssslhandshake twice two txt type typecertificatedistribution typecertificateoperation
typecertificateservice typecertificatestatus typed typemodel types typeservice typesupportsfeature
typetrustrole ucm ul unable unanswered unauthorized unavailable uncertain undefined under understood
unified unique unit units universal unknown unless unproven unreachable unread unregistered unsigned
unsuccessfully until up update updated updatelocaldbcache updates updating upgrading upload uploaded
uploadpath upon upper uptime url urlencoded usage usages usb use used user usercategories userexception
username uses using usually utc utf utf8 utils uuid v1 v3 v4 valid validated validity valign value
valued values var ver verification verified verifier verifies verify version versionrefused versions
video virtual voice vouched vt100 wait waited waiters waiting waits want wanted wants was way ways weak
weaker web webforms welcome well went were what whatever when whenever where whether which while white
who whoever whole whose why wide width wildcard wildcards will window windowms wire with within without
withrsa word words work works worth would wraps writable write writes writing written wrong wrote www
x509 xdevicesecuritymode xml xmldefault xmlerror xmlns xmlsoap xmpp yes yesterday yet you zero zip
zipinfo zone
`
    .trim()
    .split(/\s+/),
);

/** Of these words, what may be somebody's name. */
const PEOPLE: ReadonlySet<string> = new Set(
  (
    "bit blame bot box call cap carry case chain child close cross curve dash day days der dial dime don ever fast " +
    "field fields frame free good grace hand hands handler hang head held hellman diffie high hold home hook job join " +
    "just keep key keys kind large leaf legend len li link little lock long mac major max may min minor pace page " +
    "parts party pass patience peer pin plain pool post presence print proof pure ram read reading reason roll root " +
    "round row rubs shake share shell short sign silence so sort spell stamp still strong style tab tell timer " +
    "trace want way ways welcome white wide will wire word words work worth zip zone"
  ).split(" "),
);

/** Joined by signs, as CUCM joins them; any other two words may be a host, a person or an account. */
const JOINED: ReadonlySet<string> = new Set(
  (
    "self-signed non-secure trust-certs form-data x-www-form-urlencoded certificate_data error_code error_message " +
    "j_username j_password j_security_check same-origin no-cache no-store"
  ).split(" "),
);

/** What CUCM calls its own certificates, and with `-trust` its stores. */
const UNITS: ReadonlySet<string> = new Set(
  "tomcat ipsec callmanager capf tvs itlrecovery authz phone-sast phone-vpn phone-ctl phone-edge userlicensing directory".split(
    " ",
  ),
);

export const isUnit = (text: string): boolean =>
  UNITS.has(text.toLowerCase().replace(/(-ecdsa)?(-trust)?$/, ""));

/** Whether words joined by signs are a term, and not somebody's choice. */
export const isJoined = (text: string): boolean => JOINED.has(text.toLowerCase()) || isUnit(text);

/** Terms with signs or numbers in them. */
const LITERALS: ReadonlySet<string> = new Set(
  (
    "UTF-8 W3C www.cisco.com schemas.cisco.com schemas.xmlsoap.org www.w3.org j_username j_password j_security_check " +
    "SHA1withRSA SHA256withRSA SHA512withRSA 1024 2048 3072 4096 RISService70 EnterpriseWideData"
  ).split(" "),
);

export const isLiteral = (text: string): boolean => LITERALS.has(text);

/** Whether it is a word of the vocabulary, or put together of such: `ControlCenterServices`. */
export function isWord(text: string): boolean {
  return VOCABULARY.has(text.toLowerCase()) || isCompound(text, () => true);
}

/** Likewise, and nobody's name. */
export function isNobody(text: string): boolean {
  const word = text.toLowerCase();
  if (VOCABULARY.has(word)) return !PEOPLE.has(word);
  return isCompound(text, (parts) => !parts.every((part) => PEOPLE.has(part)));
}

function isCompound(text: string, accepted: (parts: readonly string[]) => boolean): boolean {
  if (!/^[A-Za-z]{1,64}$/.test(text)) return false;
  const parts = (text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map((part) => part.toLowerCase());
  return parts.length > 1 && parts.every((part) => VOCABULARY.has(part)) && accepted(parts);
}
